import { mkdir, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compilerImages } from '@bakery/testbed/containers/compiler-images.ts';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot } from '@bakery/testbed/debian-host/debian-root.ts';
import { smoke } from '@bakery/testbed/debian-host/smoke.ts';
import { type DebianSource, debianSources } from '@bakery/testbed/debian-sources.ts';
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
  /** Packages of Debian that have its sources and those of its libraries; of each list the first a mirror has. */
  readonly sources: readonly (readonly string[])[];
  /** What its tags have in front of a version. */
  readonly prefix?: string;
  /** More configuration than the page of the recipe shows. */
  readonly files?: Readonly<Record<string, string>>;
  /** Check the configuration. */
  readonly checks: readonly (readonly [program: string, ...args: string[]])[];
}

const projects: readonly Project[] = [
  {
    name: 'bird',
    sources: [['bird3/trixie-backports', 'bird3', 'bird2', 'bird2/bookworm']],
    checks: [['bird', '-p', '-c', '/etc/bird/bird.conf']],
  },
  { name: 'chrony', sources: [['chrony']], checks: [['chronyd', '-p', '-f', '/etc/chrony/chrony.conf']] },
  {
    name: 'haproxy',
    sources: [['haproxy']],
    checks: [['haproxy', '-c', '-f', '/etc/haproxy/haproxy.cfg']],
  },
  {
    name: 'keepalived',
    sources: [['keepalived'], ['iptables']],
    prefix: 'v',
    // As written for the keepalived of a distribution, which filters by iptables and sets.
    files: {
      '/etc/keepalived/iptables.conf': `global_defs {
  vrrp_iptables keepalived_in keepalived_out
  vrrp_ipsets keepalived keepalived6 keepalived_if6
}
vrrp_instance web {
  interface eth0
  virtual_router_id 51
  priority 100
  no_accept
  virtual_ipaddress {
    192.0.2.10/24
  }
}
`,
    },
    checks: ['keepalived.conf', 'iptables.conf'].map((file) => [
      'keepalived',
      '--config-test=/run/complaints',
      `--use-file=/etc/keepalived/${file}`,
    ]),
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
  const released = await debianSources(
    projects.flatMap(({ sources }) => sources),
    downloads,
  );
  const placed: Source[][] = [];
  for (const { name, sources, prefix = '' } of projects) {
    const own = released.splice(0, sources.length);
    const version = `${prefix}${own[0]?.version}`;
    versions.set(name, version);
    placed.push(await sourcesOf(name, version, own));
  }
  return placed.flat();
}

function buildOf(name: string, arch = machineArch) {
  return { name, version: versions.get(name) ?? '', arch };
}

/** Puts sources where a recipe looks for them: the tag of its project first, then what it downloads. */
async function sourcesOf(
  name: string,
  version: string,
  released: readonly DebianSource[],
): Promise<Source[]> {
  const loaded = await loadRecipe(join(recipes, name));
  const work = expandRecipe(loaded, { version, arch: machineArch, options: {} });
  const named = work.builds.flatMap((step) =>
    step.kind === 'container' ? Object.values(step.step.sources ?? {}) : [],
  );
  const tags = named.flatMap((source) =>
    source.kind === 'git' ? [{ repository: source.git, tag: source.ref }] : [],
  );
  const places = [...tags, ...work.downloads.map(({ url }) => ({ url }))];
  if (places.length !== released.length)
    throw new Error(`${name}: expected sources for ${JSON.stringify(places)}`);
  return places.flatMap((place, index) =>
    released.slice(index, index + 1).map(({ path }) => ({ tar: path, ...place })),
  );
}

describe.each(projects)('$name, compiled from what its authors released', ({ name, files = {}, checks }) => {
  it('runs out of the merged /usr, and takes the configuration its page shows', async () => {
    const { path } = await bakery.create(buildOf(name));
    await host.place(path, `/etc/extensions/${name}.raw`);
    expect(await host.run('systemd-sysext', ['refresh', '--no-reload'])).toMatchObject({ code: 0 });
    await smoke(host, buildOf(name));

    const { recipe } = await loadRecipe(join(recipes, name));
    for (const entry of recipe.setup ?? []) {
      if ('path' in entry && entry.content !== undefined) await host.write(entry.path, entry.content);
    }
    for (const [file, content] of Object.entries(files)) await host.write(file, content);
    for (const [program, ...args] of checks) {
      const { code, stderr } = await host.run(program, args);
      const complaints = code === 0 ? '' : `${stderr}${(await host.read('/run/complaints')) ?? ''}`;
      expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
    }
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
