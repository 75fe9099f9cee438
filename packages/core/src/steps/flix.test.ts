import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runChecked } from '../ports/run-checked.ts';
import { spawnExec } from '../ports/spawn.ts';
import { createTree, type Tree } from '../stage/tree.ts';
import { readDynamic } from './dynamic.ts';
import { flix } from './flix.ts';
import { libraryFolders } from './library-search.ts';

const exec = spawnExec(process.env);
const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
const libraries = `/usr/lib/${triplet}`;
let stack: AsyncDisposableStack;
let folder: string;
let root: string;
let linker: string;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'flix-'))).path;
  root = join(folder, 'root');
  await makeRoot();
});
afterAll(() => stack.disposeAsync());

/** A program that needs a library by $ORIGIN, one of an ld.so.conf folder, and loads two by name. */
async function makeRoot(): Promise<void> {
  for (const path of ['usr/bin', 'usr/lib/app/own', 'opt/odd', `usr/lib/${triplet}`, 'etc/ld.so.conf.d']) {
    mkdirSync(join(root, path), { recursive: true });
  }
  symlinkSync('usr/lib', join(root, 'lib'));
  symlinkSync('/usr/bin', join(root, 'bin')); // absolute: leads into the root and not to this machine
  writeFileSync(join(root, 'etc/ld.so.conf'), '# a comment\ninclude ld.so.conf.d/*.conf\n');
  writeFileSync(join(root, 'etc/ld.so.conf.d/odd.conf'), '/opt/odd\n');
  await library('usr/lib/app/libnear.so', 'near');
  await library('usr/lib/app/own/libnamed.so', 'named');
  await library('opt/odd/libodd.so', 'odd');
  await library(`usr/lib/${triplet}/libextra.so`, 'extra');
  mkdirSync(join(root, 'usr/lib/wrong'));
  writeFileSync(join(root, `usr/lib/${triplet}/libodd.so`), 'not a library'); // a name is not enough
  const source = join(folder, 'main.c');
  writeFileSync(
    source,
    `#include <dlfcn.h>
     #include <stdio.h>
     int near(void); int odd(void);
     static void load(const char *name) { printf(" %s", dlopen(name, RTLD_NOW) ? name : dlerror()); }
     int main(void) { printf("%d %d", near(), odd()); load("libnamed.so"); load("libextra.so"); puts(""); }`,
  );
  await runChecked(exec, 'gcc', [
    source,
    '-o',
    join(root, 'usr/bin/app'),
    `-L${root}/usr/lib/app`,
    `-L${root}/opt/odd`,
    '-lnear',
    '-lodd',
    '-Wl,-rpath,$ORIGIN/../lib/app:$ORIGIN/../lib/app/own',
  ]);
  const dynamic = await readDynamic(join(root, 'usr/bin/app'), exec);
  linker = dynamic?.interpreter ?? '';
  for (const path of [linker, `/lib/${triplet}/libc.so.6`]) {
    const to = join(root, path.replace(/^\/lib\//, '/usr/lib/'));
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(path, to);
    chmodSync(to, 0o755);
  }
}

async function library(path: string, name: string): Promise<void> {
  const source = join(folder, `${name}.c`);
  writeFileSync(source, `int fflush(void *); int ${name}(void) { return ${name.length} + fflush(0); }`);
  const soname = `-Wl,-soname,lib${name}.so`;
  await runChecked(exec, 'gcc', ['-shared', '-fPIC', soname, source, '-o', join(root, path)]);
}

async function relocate(entries: readonly string[], extraLibs: readonly string[] = []): Promise<Tree> {
  const made = stack.use(await mkdtempDisposable(join(folder, 'made-'))).path;
  const tree = createTree(made);
  await flix({ root, name: 'app', entries, extraLibs }, tree, { exec, scratch: folder, warn: () => {} });
  return tree;
}

/** Runs a program of the image as a host does that has nothing else of it. */
function runOnHost(tree: Tree, program: string) {
  return exec.run('unshare', [
    '--mount',
    'sh',
    '-c',
    'mkdir -p /usr/lib/flix /opt && mount -t tmpfs none /usr/lib/flix && cp -a "$1"/usr/lib/flix/. /usr/lib/flix/ && exec "$1$2"',
    'sh',
    tree.root,
    program,
  ]);
}

it('brings what a program needs, by $ORIGIN, by ld.so.conf, by name and told', async () => {
  const tree = await relocate(['/usr/bin/app'], ['libextra.so']);
  expect([...tree.written.keys()].filter((path) => path.includes('.so')).toSorted()).toEqual(
    [
      `/usr/lib/flix/app/${linker.slice(linker.lastIndexOf('/') + 1)}`,
      '/usr/lib/flix/app/libc.so.6',
      '/usr/lib/flix/app/libextra.so',
      '/usr/lib/flix/app/libnear.so',
      '/usr/lib/flix/app/libodd.so',
      '/usr/lib/flix/app/own/usr/lib/app/libnear.so',
      '/usr/lib/flix/app/own/usr/lib/app/own/libnamed.so',
    ].toSorted(),
  );
  expect(await runOnHost(tree, '/usr/bin/app')).toEqual({
    code: 0,
    stdout: '4 3 libnamed.so libextra.so\n',
    stderr: '',
  });
  const dynamic = await readDynamic(tree.at('/usr/bin/app'), exec);
  expect(dynamic?.interpreter).toMatch('/usr/lib/flix/app/ld-');
  expect(dynamic?.runPath[0]).toBe('/usr/lib/flix/app');
});

it('leaves the root as it was', async () => {
  const before = readFileSync(join(root, `usr/lib/${triplet}/libextra.so`));
  await relocate(['/usr/bin/app'], ['libextra.so']);
  expect(readFileSync(join(root, `usr/lib/${triplet}/libextra.so`)).equals(before)).toBe(true);
});

it('follows links of the root inside the root, and puts things elsewhere when told', async () => {
  const tree = await relocate(['/bin/app:/usr/bin/other']);
  expect(tree.written.get('/usr/bin/other')?.mode).toBe(0o755);
});

it('relocates libraries inside a folder that is taken whole', async () => {
  const tree = await relocate(['/usr/lib/app']);
  const near = await readDynamic(tree.at('/usr/lib/app/libnear.so'), exec);
  expect(near?.runPath).toEqual(['/usr/lib/flix/app']);
});

it('says what is missing', async () => {
  await expect(relocate(['/usr/bin/none'])).rejects.toThrow(
    'expected /usr/bin/none in the root, got nothing',
  );
  await expect(relocate(['/usr/bin/app'], ['libnone.so'])).rejects.toThrow('extra-libs needs libnone.so');
  await expect(relocate(['/bin/app'])).rejects.toThrow(
    'expected a target below /usr or /opt, got "/bin/app"',
  );
});

it('reads ld.so.conf of the root and nothing of this machine', () => {
  expect(libraryFolders(root)[0]).toBe('/opt/odd');
  expect(libraries).toMatch(triplet);
});
