import { mkdir, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot } from '@bakery/testbed/debian-host/debian-root.ts';
import { smoke } from '@bakery/testbed/debian-host/smoke.ts';
import { debianSources } from '@bakery/testbed/debian-sources.ts';
import { serveSources, type Source } from '@bakery/testbed/serve-sources.ts';
import { compilerImages } from '@bakery/testbed/upstream-mirror/compiler-images.ts';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Arch } from '../arch.ts';
import { openBakery } from '../bakery/open-bakery.ts';
import { defaultFormat } from '../image/formats.ts';
import { runChecked } from '../ports/run-checked.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { expandRecipe } from '../recipe/expand.ts';
import { loadRecipe } from '../recipe/load.ts';
import { createImage, type Created } from '../release/create.ts';
import { machineArch } from './test-podman.ts';

jest.setTimeout(900_000); // real programs are compiled, one of them emulated

const exec = spawnExec(process.env);
const ownRecipes = join(import.meta.dirname, '../../../../recipes');
const otherArch: Arch = machineArch === 'arm64' ? 'x86-64' : 'arm64';

/** Packages of Debian with the sources of a project, and what its tags have in front of a version. */
const projects = {
  bird: { packages: ['bird3/trixie-backports', 'bird3', 'bird2', 'bird2/bookworm'], prefix: '' },
  chrony: { packages: ['chrony'], prefix: '' },
  haproxy: { packages: ['haproxy'], prefix: '' },
  keepalived: { packages: ['keepalived'], prefix: 'v' },
} as const;
type Project = keyof typeof projects;

const stack = new AsyncDisposableStack();
let folder: string;
let versions: Record<string, string>;
let create: (name: Project, arch: Arch) => Promise<Created>;
let host: DebianHost;
beforeAll(async () => {
  const root = await debianRoot();
  folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'compiled-'))).path;
  await mkdir(join(folder, 'downloads'));
  const wanted = Object.entries(projects).map(([name, { packages }]) => [name, packages] as const);
  const released = await debianSources(Object.fromEntries(wanted), join(folder, 'downloads'));
  const sources: Source[] = [];
  versions = {};
  for (const [name, { prefix }] of Object.entries(projects)) {
    const { version, path } = released[name] ?? { version: '', path: '' };
    versions[name] = `${prefix}${version}`;
    sources.push(await sourceOf(name, versions[name], path));
  }
  const { mirrors } = stack.use(await serveSources(sources, join(folder, 'upstream')));
  const images = stack.use(await compilerImages());
  create = async (name, arch) => {
    const env = {
      ...process.env,
      ...(await images.envFor(join(ownRecipes, name))),
      BAKERY_MIRRORS: mirrors,
      BAKERY_CACHE: join(folder, 'cache'),
    };
    const bakery = await openBakery(
      {},
      {
        env,
        cwd: folder,
        homedir: folder,
        tmpdir: folder,
        isRoot: true,
        ownRecipes,
        exec: spawnExec(env),
        report: silentReport,
      },
    );
    const settings = { format: defaultFormat, epoch: 0, compression: 'gzip' };
    const loaded = await bakery.catalogue.find(name);
    const output = join(folder, `${name}-${arch}.raw`);
    const created = await createImage(
      { loaded, version: versions[name] ?? '', arch, options: {}, settings, output },
      bakery.create,
    );
    process.stdout.write(`${name} ${versions[name]} for ${arch}: ${created.inputs.size} bytes\n`);
    return created;
  };
  host = stack.use(await startHost(root));
}, 900_000);
afterAll(() => stack.disposeAsync());

/** Where a recipe looks for its one source. */
async function sourceOf(name: string, version: string, tar: string): Promise<Source> {
  const loaded = await loadRecipe(join(ownRecipes, name));
  const work = expandRecipe(loaded, { version, arch: machineArch, options: {} });
  const [url] = work.downloads.map((download) => download.url);
  if (url !== undefined) return { tar, url };
  const [source] = work.builds.flatMap((step) =>
    'container' in step ? Object.values(step.container.sources ?? {}) : [],
  );
  if (source === undefined || !('git' in source)) throw new Error(`${name}: expected a source`);
  return { tar, repository: source.git, tag: source.ref };
}

describe.each<[Project, string[]]>([
  ['bird', ['bird', '-p', '-c', '/etc/bird/bird.conf']],
  ['chrony', ['chronyd', '-p', '-f', '/etc/chrony/chrony.conf']],
  ['haproxy', ['haproxy', '-c', '-f', '/etc/haproxy/haproxy.cfg']],
  [
    'keepalived',
    ['keepalived', '--config-test=/run/complaints', '--use-file=/etc/keepalived/keepalived.conf'],
  ],
])('%s, compiled from what its authors released', (name, check) => {
  it('runs out of the merged /usr, and takes the configuration its page shows', async () => {
    const created = await create(name, machineArch);
    await host.place(created.path, `/etc/extensions/${name}.raw`);
    expect(await host.run('systemd-sysext', ['refresh', '--no-reload'])).toMatchObject({ code: 0 });
    await smoke(host, { name, version: versions[name] ?? '', arch: machineArch });

    const { recipe } = await loadRecipe(join(ownRecipes, name));
    for (const entry of recipe.setup ?? []) {
      if ('path' in entry && entry.content !== undefined) await host.write(entry.path, entry.content);
    }
    const [program = '', ...args] = check;
    const { code, stderr } = await host.run(program, args);
    const complaints = code === 0 ? '' : `${stderr}${(await host.read('/run/complaints')) ?? ''}`;
    expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
  });
});

describe('chrony for the other architecture', () => {
  it('is compiled emulated, and runs there', async () => {
    const { path } = await create('chrony', otherArch);
    const tree = join(folder, 'tree');
    await runChecked(exec, 'unsquashfs', ['-quiet', '-no-progress', '-dest', tree, path]);
    const emulator = otherArch === 'arm64' ? 'qemu-aarch64-static' : 'qemu-x86_64-static';
    const printed = await runChecked(exec, emulator, [join(tree, 'usr/bin/chronyd'), '--version']);
    expect(printed).toContain(`version ${versions['chrony']}`);
  });
});
