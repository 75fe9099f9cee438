import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, mkdtempDisposable, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEngine, type TestEngine } from '@bakery/testbed/containers/engine.ts';
import type { TestImage } from '@bakery/testbed/containers/image.ts';
import { importImage } from '@bakery/testbed/containers/podman.ts';
import { machineArch } from '@bakery/testbed/machine-arch.ts';
import { testContext } from '../../testing/step-context.ts';
import { createTree } from '../stage/tree.ts';
import { type Script, scriptStep } from './script-step.ts';

const bash: TestImage = {
  name: 'bash',
  packages: ['base-files', 'bash', 'coreutils', 'dash', 'grep', 'sed'],
  finish: [],
};
const pinned = `docker.io/library/debian@sha256:${'b'.repeat(64)}`;
const noBash = `docker.io/library/alpine@sha256:${'c'.repeat(64)}`;

let stack: AsyncDisposableStack;
let folder: string;
let podman: TestEngine;
let image: string;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'scripts-'))).path;
  podman = stack.use(await startEngine('podman', folder));
  image = await importImage(podman, bash, machineArch);
});
afterAll(() => stack.disposeAsync());

/** Runs a step with create.sh of this text, and with other files beside it. */
async function run(text: string, step: Partial<Script> = {}, files: Readonly<Record<string, string>> = {}) {
  const recipeFolder = await mkdtemp(join(folder, 'recipe-'));
  for (const [name, content] of Object.entries({ 'create.sh': text, ...files })) {
    await mkdir(dirname(join(recipeFolder, name)), { recursive: true });
    await writeFile(join(recipeFolder, name), content);
  }
  const images = [
    { from: pinned, to: image },
    { from: noBash, to: podman.image },
  ];
  const root = await mkdtemp(join(folder, 'tree-'));
  const whole: Script = {
    image: pinned,
    file: 'create.sh',
    function: 'populate_sysext_root',
    options: {},
    beside: [],
    network: false,
    ...step,
  };
  const record = await scriptStep.run(
    whole,
    createTree(root),
    await testContext(podman, folder, { images, recipeFolder, version: 'v1.2.3' }),
  );
  return { record, root, read: (path: string) => readFileSync(join(root, path), 'utf8') };
}

describe('a script of the reference, in a container', () => {
  it('fills the tree by its own functions and our helpers', async () => {
    const { record, root, read } = await run(
      `RELOAD_SERVICES_ON_MERGE="true"
set -u
function list_available_versions() { list_github_releases example tool; }
function populate_sysext_root() {
  local sysextroot="$1" arch="$2" version="$3"
  local go="$(arch_transform x86-64 amd64 "$arch")" flavour="$(get_optional_param flavour plain "$@")"
  announce "filling"
  check_arch "$arch"
  source "\${scriptroot}/\${extname}.sysext/funcs.inc"
  mkdir -p "$sysextroot/usr/bin" "$sysextroot/opt/tool/empty" "$sysextroot/usr/share"
  hello >"$sysextroot/usr/bin/tool"
  chmod +x "$sysextroot/usr/bin/tool"
  ln -s ../../opt/tool/real "$sysextroot/usr/bin/link"
  echo "$go $version $flavour $(get_positional_param 2 "$@")" >"$sysextroot/opt/tool/real"
  _create_sysupdate "$extname" x y z "$rundir/other.conf"
  mv "$rundir/other.conf" moved.conf
  env >"$sysextroot/usr/share/env"
}
`,
      { options: { flavour: 'full; echo "$HOME"' }, beside: ['funcs.inc'] },
      { 'funcs.inc': "hello() { printf '%s\\n' '#!/bin/sh' 'echo hello'; }\n" },
    );
    const go = machineArch === 'x86-64' ? 'amd64' : 'arm64';
    expect(read('opt/tool/real')).toBe(`${go} v1.2.3 full; echo "$HOME" ${machineArch}\n`);
    expect(read('usr/bin/tool')).toBe('#!/bin/sh\necho hello\n');
    expect(lstatSync(join(root, 'usr/bin/tool')).mode & 0o7777).toBe(0o755);
    expect(readlinkSync(join(root, 'usr/bin/link'))).toBe('../../opt/tool/real');
    expect(read('usr/share/env')).not.toMatch(/^(PATH=.*bash_jobs|GITHUB_|BAKERY_)/m);
    expect(await readdir(root)).toEqual(['opt', 'usr']);
    expect(record).toEqual({
      step: 'script',
      image: { reference: pinned, used: image, id: expect.any(String) },
      packages: [],
    });
  });

  it('is said to prove nothing when it may download', async () => {
    const { record, read } = await run('fill() { mkdir -p "$1/usr"; cat /proc/net/dev >"$1/usr/net"; }\n', {
      network: true,
      function: 'fill',
    });
    expect(record).toMatchObject({ step: 'script', unproved: 'create.sh' });
    expect(read('usr/net').match(/^ *\w+:/gm)?.length).toBeGreaterThan(1);
  });

  it.each([
    ['ends with a failure', 'populate_sysext_root() { false; echo >"$1/usr/x"; }', 'ended with exit code 1'],
    ['fails in the middle of a pipe', 'populate_sysext_root() { false | cat; }', 'ended with exit code 1'],
    ['does not have the function', 'other() { :; }', 'populate_sysext_root: command not found'],
    ['makes nothing', 'populate_sysext_root() { :; }', 'expected members that match "**"'],
    [
      'links out of the image',
      'populate_sysext_root() { mkdir "$1/usr"; ln -s /etc/shadow "$1/usr/x"; }',
      'expected a link to somewhere in /usr or /opt',
    ],
  ])('fails when it %s', async (_what, text, message) => {
    await expect(run(text)).rejects.toThrow(message);
  });

  it('says what an image without bash lacks', async () => {
    await expect(run('populate_sysext_root() { :; }', { image: noBash })).rejects.toThrow(
      'expected bash in the image, or among packages, found none',
    );
  });
});
