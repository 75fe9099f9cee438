import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { mkdtemp, mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEngines, type TestEngine } from '@bakery/testbed/containers/engine.ts';
import { machineArch } from '@bakery/testbed/machine-arch.ts';
import { testContext } from '../../testing/step-context.ts';
import { runChecked } from '../ports/run-checked.ts';
import { createTree } from '../stage/tree.ts';
import { findProgram } from '../tools/search-path.ts';
import type { BuildContext } from './build-context.ts';
import { type Engine, engines } from './engine.ts';
import { ociRootfsStep } from './oci-rootfs-step.ts';
import { ociRootfs } from './oci-rootfs.ts';

let stack: AsyncDisposableStack;
let folder: string;
let started: Readonly<Record<Engine, TestEngine>>;
let engine: TestEngine;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'rootfs-'))).path;
  started = await startEngines(folder, stack);
});
afterAll(() => stack.disposeAsync());

function context(changes: Partial<BuildContext> = {}): Promise<BuildContext> {
  const env = changes.path === undefined ? engine.env : { ...engine.env, PATH: changes.path };
  return testContext({ ...engine, env }, folder, { offline: true, ...changes });
}

function fail(): never {
  throw new Error('not to be called');
}

describe.each(engines)('the root of a container image, with %s', (which) => {
  beforeAll(() => void (engine = started[which]));

  it('is exported after a command has run in it', async () => {
    const root = await mkdtemp(join(folder, 'root-'));
    const run = ['sh', '-c', 'echo hello >/greeting; chmod 6755 /greeting'];
    const { id } = await ociRootfs({ image: engine.image, run }, root, await context());
    expect(id).toMatch(/^(sha256:)?[0-9a-f]{64}$/);
    expect(readFileSync(join(root, 'greeting'), 'utf8')).toBe('hello\n');
    expect(lstatSync(join(root, 'greeting')).mode & 0o7777).toBe(0o755);
    expect(readlinkSync(join(root, 'bin'))).toBe('usr/bin');
    expect(existsSync(join(root, 'usr/bin/tcc'))).toBe(true);
  });

  it('says what a command said that failed', async () => {
    const root = await mkdtemp(join(folder, 'root-'));
    const work = ociRootfs(
      { image: engine.image, run: ['sh', '-c', 'echo no >&2; exit 3'] },
      root,
      await context(),
    );
    await expect(work).rejects.toThrow('ended with exit code 3\n  no');
  });

  it('is not taken for another architecture', async () => {
    const root = await mkdtemp(join(folder, 'root-'));
    const work = ociRootfs(
      { image: engine.image },
      root,
      await context({ arch: machineArch === 'arm64' ? 'x86-64' : 'arm64' }),
    );
    await expect(work).rejects.toThrow(/in the store of \w+, to work offline; it is there for linux\/a/);
  });

  it('gives folders to a recipe, and nothing that leaves the image', async () => {
    const tree = createTree(await mkdtemp(join(folder, 'tree-')));
    const take = { 'usr/bin/tcc': '/usr/bin/tcc', 'usr/share/doc/tcc': '/usr/share/tcc' };
    const image = engine.image;
    expect(await ociRootfsStep.run({ image, take }, tree, await context())).toMatchObject({
      step: 'oci-rootfs',
      image: { reference: image },
    });
    expect(tree.written.get('/usr/bin/tcc')?.mode).toBe(0o755);
    const run = ['ln', '-s', '/etc/shadow', '/usr/share/secret'];
    const bad = ociRootfsStep.run(
      { image, run, take: { 'usr/share/secret': '/usr/x' } },
      tree,
      await context(),
    );
    await expect(bad).rejects.toThrow('expected usr/share/secret in the root, got nothing');
  });
});

it('takes the same files out of an image with either engine, none of them made by the engine', async () => {
  const [podman, docker] = [await filesWith('podman'), await filesWith('docker')];
  const [onlyPodman, onlyDocker] = [podman.difference(docker), docker.difference(podman)];
  // podman gives root a name where an image has none; Docker covers what an image calls its machine.
  for (const line of onlyPodman) expect(line).toMatch(/^\/etc\/(group|hostname|passwd|resolv\.conf) /);
  expect([...onlyDocker]).toEqual([]);
  expect(docker.size).toBeGreaterThan(1000);
  for (const made of ['/.dockerenv', '/run/.containerenv', '/dev/console', '/etc/hosts', '/etc/mtab']) {
    expect([...podman].join('\n')).not.toContain(`${made} `);
  }
});

/** Path and mode of each file of the image, taken out with one of the engines. */
async function filesWith(name: Engine): Promise<Set<string>> {
  engine = started[name];
  const root = await mkdtemp(join(folder, 'root-'));
  await ociRootfs({ image: engine.image, run: ['true'] }, root, await context());
  const entries = await readdir(root, { recursive: true, withFileTypes: true }); // goes into no links
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).toSorted();
  return new Set(paths.map((path) => `${path.slice(root.length)} ${lstatSync(path).mode.toString(8)}`));
}

it('unpacks the root of an image with skopeo and umoci where there is no engine', async () => {
  engine = started.podman;
  const layout = join(folder, 'layout');
  const { ports } = await context();
  await runChecked(ports.exec, 'podman', ['save', '--format=oci-dir', `--output=${layout}`, engine.image]);
  const bin = join(folder, 'no-engine');
  mkdirSync(bin);
  for (const program of ['skopeo', 'umoci']) {
    const found = await findProgram(program, process.env['PATH'] ?? '');
    symlinkSync(found ?? fail(), join(bin, program));
  }
  const root = await mkdtemp(join(folder, 'root-'));
  const { id } = await ociRootfs({ image: `oci:${layout}` }, root, await context({ path: bin }));
  expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(existsSync(join(root, 'usr/bin/tcc'))).toBe(true);
  const run = ociRootfs({ image: `oci:${layout}`, run: ['true'] }, root, await context({ path: bin }));
  await expect(run).rejects.toThrow('expected podman or docker to run "true" in it first');
});
