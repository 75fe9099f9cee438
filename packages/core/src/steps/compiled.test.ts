import { mkdir, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compilerImages } from '@bakery/testbed/containers/compiler-images.ts';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot } from '@bakery/testbed/debian-host/debian-root.ts';
import { smoke } from '@bakery/testbed/debian-host/smoke.ts';
import { debianSources } from '@bakery/testbed/debian-sources.ts';
import { machineArch } from '@bakery/testbed/machine-arch.ts';
import { serveSources, type Source } from '@bakery/testbed/serve-sources.ts';
import { type TestBakery, testBakery } from '@bakery/testbed/test-bakery.ts';
import type { Arch } from '../names/arch.ts';
import { runChecked } from '../ports/run-checked.ts';
import { spawnExec } from '../ports/spawn.ts';
import { expandRecipe } from '../recipe/expand.ts';
import { loadRecipe } from '../recipe/load.ts';

const exec = spawnExec(process.env);
const recipes = join(import.meta.dirname, '../../../../recipes');
const otherArch: Arch = machineArch === 'arm64' ? 'x86-64' : 'arm64';

interface Project {
  readonly name: string;
  /** Of Debian, with its sources; the first a mirror has. */
  readonly packages: readonly string[];
  /** What its tags have in front of a version. */
  readonly prefix?: string;
  /** Checks the configuration that the page of the recipe shows. */
  readonly check: readonly [program: string, ...args: string[]];
}

const projects: readonly Project[] = [
  {
    name: 'bird',
    packages: ['bird3/trixie-backports', 'bird3', 'bird2', 'bird2/bookworm'],
    check: ['bird', '-p', '-c', '/etc/bird/bird.conf'],
  },
  { name: 'chrony', packages: ['chrony'], check: ['chronyd', '-p', '-f', '/etc/chrony/chrony.conf'] },
  { name: 'haproxy', packages: ['haproxy'], check: ['haproxy', '-c', '-f', '/etc/haproxy/haproxy.cfg'] },
  {
    name: 'keepalived',
    packages: ['keepalived'],
    prefix: 'v',
    check: ['keepalived', '--config-test=/run/complaints', '--use-file=/etc/keepalived/keepalived.conf'],
  },
];

const stack = new AsyncDisposableStack();
const versions = new Map<string, string>();
let folder: string;
let bakery: TestBakery;
let host: DebianHost;
beforeAll(async () => {
  const root = await debianRoot();
  folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'compiled-'))).path;
  const { mirrors } = stack.use(await serveSources(await releasedSources(), join(folder, 'upstream')));
  const images = stack.use(await compilerImages());
  const env = await images.envFor(projects.map(({ name }) => join(recipes, name)));
  bakery = await testBakery(folder, { ...env, BAKERY_MIRRORS: mirrors });
  host = stack.use(await startHost(root));
});
afterAll(() => stack.disposeAsync());

/** Notes the version of each project, too. */
async function releasedSources(): Promise<Source[]> {
  const downloads = join(folder, 'downloads');
  await mkdir(downloads);
  const packages = projects.map((project) => project.packages);
  const released = await debianSources(packages, downloads);
  return Promise.all(
    projects.map(({ name, prefix = '' }, index) => {
      const { version, path } = released[index] ?? { version: '', path: '' };
      versions.set(name, `${prefix}${version}`);
      return sourceOf(name, `${prefix}${version}`, path);
    }),
  );
}

function buildOf(name: string, arch = machineArch) {
  return { name, version: versions.get(name) ?? '', arch };
}

/** Where a recipe looks for its one source. */
async function sourceOf(name: string, version: string, tar: string): Promise<Source> {
  const loaded = await loadRecipe(join(recipes, name));
  const work = expandRecipe(loaded, { version, arch: machineArch, options: {} });
  const [url] = work.downloads.map((download) => download.url);
  if (url !== undefined) return { tar, url };
  const [source] = work.builds.flatMap((step) =>
    step.kind === 'container' ? Object.values(step.step.sources ?? {}) : [],
  );
  if (source?.kind !== 'git') throw new Error(`${name}: expected a source`);
  return { tar, repository: source.git, tag: source.ref };
}

describe.each(projects)('$name, compiled from what its authors released', ({ name, check }) => {
  it('runs out of the merged /usr, and takes the configuration its page shows', async () => {
    const { path } = await bakery.create(buildOf(name));
    await host.place(path, `/etc/extensions/${name}.raw`);
    expect(await host.run('systemd-sysext', ['refresh', '--no-reload'])).toMatchObject({ code: 0 });
    await smoke(host, buildOf(name));

    const { recipe } = await loadRecipe(join(recipes, name));
    for (const entry of recipe.setup ?? []) {
      if ('path' in entry && entry.content !== undefined) await host.write(entry.path, entry.content);
    }
    const [program, ...args] = check;
    const { code, stderr } = await host.run(program, args);
    const complaints = code === 0 ? '' : `${stderr}${(await host.read('/run/complaints')) ?? ''}`;
    expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
  });
});

describe('chrony for the other architecture', () => {
  it('is compiled emulated, and runs there', async () => {
    const { path } = await bakery.create(buildOf('chrony', otherArch));
    const tree = join(folder, 'tree');
    await runChecked(exec, 'unsquashfs', ['-quiet', '-no-progress', '-dest', tree, path]);
    const emulator = otherArch === 'arm64' ? 'qemu-aarch64-static' : 'qemu-x86_64-static';
    const printed = await runChecked(exec, emulator, [join(tree, 'usr/bin/chronyd'), '--version']);
    expect(printed).toContain(`version ${versions.get('chrony')}`);
  });
});
