import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { libraryVersions } from '@bakery/core/src/tools/library-versions.ts';
import { compilers } from '@bakery/testbed/containers/image.ts';
import { importImage, testPodman } from '@bakery/testbed/containers/podman.ts';
import { type DebianHost, startHost } from '@bakery/testbed/debian-host/debian-host.ts';
import { debianRoot } from '@bakery/testbed/debian-host/debian-root.ts';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { machineArch } from '@bakery/testbed/machine-arch.ts';
import { startUpstreamMirror } from '@bakery/testbed/upstream-mirror/start-upstream-mirror.ts';
import { npmSettings } from './npm-settings.ts';
import { type Ended, runWell } from './run-bakery.ts';

const checkout = join(import.meta.dirname, '../../..');
const recipes = join(checkout, 'recipes');

let stack: AsyncDisposableStack;
let bakery: ExampleBakery;
/** Debian trixie, with this checkout and all folders of this test in it. */
let trixie: DebianHost;
let env: Readonly<Record<string, string>>;
/** Of what packs images here and there. */
let isSameLibrary: boolean;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  bakery = stack.use(await exampleBakery());
  const home = dirname(bakery.folder);
  await mkdir(join(home, 'second'));
  await mkdir(join(home, 'containers'));
  for (const folder of [bakery.folder, join(home, 'second')]) {
    await writeFile(join(folder, 'bakery.yaml'), 'recipes: [recipes]\n');
    for (const name of ['nodejs', 'bun', 'chrony'])
      await cp(join(recipes, name), join(folder, 'recipes', name), { recursive: true });
    await forThisMachine(join(folder, 'recipes/chrony/recipe.yaml'));
  }
  const podman = stack.use(await testPodman(join(home, 'containers')));
  const image = await importImage(podman, compilers, machineArch);
  const chrony = stack.use(await startUpstreamMirror(['chrony']));
  env = {
    ...npmSettings(process.env),
    ...podman.env,
    HOME: homedir(),
    TMPDIR: bakery.tmpdir,
    BAKERY_CACHE: join(home, 'cache'),
    BAKERY_MIRRORS: chrony.mirrors,
    BAKERY_IMAGES: `${await builderOf('chrony')}=${image}`,
    PATH: `${podman.path}:/usr/sbin:/sbin`,
  };
  // With the processes of this machine, whose podman programs in the root call.
  const shared = [checkout, home, dirname(process.execPath), '/proc'];
  trixie = stack.use(await startHost(await debianRoot(), undefined, undefined, shared));
  await callFromRoot(join(home, 'calls'), join(home, 'containers/bin/podman'), ['podman', 'git', 'npm']);
  const path = process.env['PATH'] ?? '';
  const { libzstd } = await libraryVersions('mksquashfs', { exec: spawnExec(process.env), path });
  isSameLibrary = libzstd === (await libzstdThere());
});
afterAll(() => stack.disposeAsync());

it.each([
  ['nodejs', '26.10.0'],
  ['bun', '1.3.0'],
  ['chrony', '4.8'],
])(
  '%s %s comes out again in another folder, on Debian trixie too, byte for byte where libzstd is the same, and explained where not',
  async (name, version) => {
    const here = (...args: string[]) => runHere('user', ...args);
    const release = ['release', `${name}:${version}`, '--no-test', '--level', '1', '--store'];
    await here(...release, 'dir:out');
    await runThere('user', ...release, 'dir:there');
    const rebuild = ['rebuild', name, version, '--arch', machineArch, '--store'];
    const same = new RegExp(`^${name} ${version} ${machineArch}: the same bytes, `);
    const explained = isSameLibrary
      ? same
      : /: the same files, packed otherwise: [^]*\n {2}libzstd: \S+ when it was published, \S+ now\n[^]* {2}which explains it\n$/;
    expect((await runHere('second', ...rebuild, 'dir:../user/out')).stdout).toMatch(same);
    expect((await runThere('second', ...rebuild, 'dir:../user/there')).stdout).toMatch(same);
    expect((await runThere('second', ...rebuild, 'dir:../user/out')).stdout).toMatch(explained);
    expect((await runHere('second', ...rebuild, 'dir:../user/there')).stdout).toMatch(explained);
  },
);

it('compare tells of two images by two libzstd only that', async () => {
  const images = ['out', 'there'].map((store) => `${store}/nodejs-26.10.0/nodejs-26.10.0-x86-64.raw`);
  const { stdout } = await runHere('user', 'compare', ...images);
  if (isSameLibrary) {
    expect(stdout).toMatch(/^image: the same bytes, /m);
    return;
  }
  // Sizes and versions are those of two machines; so is what else differs between them and decides nothing.
  const said = stdout
    .replace(/^image: .*$/m, 'image: SIZES')
    .replaceAll(/^(?:tool|bakery|lib(?!zstd)\w+): .*\n/gm, '');
  expect(said.replace(/\S+ → \S+$/m, 'IMAGES').replace(/^libzstd: .*$/m, 'libzstd: VERSIONS'))
    .toMatchInlineSnapshot(`
"IMAGES
image: SIZES
libzstd: VERSIONS
files: the same 13 paths
"
`);
});

async function forThisMachine(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const arch = machineArch === 'arm64' ? 'arm64' : 'amd64';
  await writeFile(file, text.replace(/^arch: .*$/m, `arch: { ${machineArch}: ${arch} }`));
}

async function builderOf(name: string): Promise<string> {
  const [, image = ''] =
    /^ +image: (\S+)/m.exec(await readFile(join(recipes, name, 'recipe.yaml'), 'utf8')) ?? [];
  return image;
}

/**
 * What fetches and compiles is this machine's, also for a bakery in the root: only what packs is to differ. Its processes
 * have numbers of their own there, which podman looks up in /proc.
 */
async function callFromRoot(folder: string, podman: string, programs: readonly string[]): Promise<void> {
  const [, enter = ''] = /^exec (nsenter .*) \S+ "\$@"$/m.exec(await readFile(podman, 'utf8')) ?? [];
  const inside = `unshare --mount --propagation=private -- sh -c 'mount -t proc proc /proc && cd "$0" && exec "$@"' "$PWD"`;
  await mkdir(folder);
  for (const program of programs) {
    const script = `#!/bin/sh\nexec ${enter} ${inside} /usr/bin/${program} "$@"\n`;
    await writeFile(join(folder, program), script, { mode: 0o755 });
  }
}

/** Version of what packs with zstd in the root. */
async function libzstdThere(): Promise<string | undefined> {
  const { stdout } = await trixie.run('sh', ['-c', 'readlink -f /usr/lib/*-linux-gnu/libzstd.so.1']);
  return /\.so\.(\S+)/.exec(stdout)?.[1];
}

function runHere(folder: string, ...args: readonly string[]): Promise<Ended> {
  return runWell({ folder: join(dirname(bakery.folder), folder), env }, args);
}

/** Runs the bakery in the root, where it must end well. */
async function runThere(folder: string, ...args: readonly string[]): Promise<Ended> {
  const home = dirname(bakery.folder);
  const main = join(checkout, 'packages/cli/src/main.ts');
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', main];
  const path = `/usr/sbin:/usr/bin:/sbin:/bin:${join(home, 'calls')}`;
  const ended = await trixie.run('env', ['--chdir', join(home, folder), ...node, ...args], {
    env: { ...env, PATH: path },
  });
  expect({ code: ended.code, stderr: ended.code === 0 ? '' : ended.stderr }).toEqual({ code: 0, stderr: '' });
  return ended;
}
