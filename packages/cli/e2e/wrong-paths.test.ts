import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtempDisposable, readdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codes } from '@bakery/core/src/diagnostics/code.ts';
import { silentReport } from '@bakery/core/src/ports/report.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { runProgram } from '../src/program.ts';

let home: Awaited<ReturnType<typeof mkdtempDisposable>>;
beforeAll(async () => {
  home = await mkdtempDisposable(join(tmpdir(), 'wrong-paths-'));
  const at = (name: string): string => join(home.path, name);
  for (const name of ['dir', 'dir.raw', 'dir/usr', 'scratch']) await mkdir(at(name));
  for (const name of ['text', 'text.raw', 'closed.raw', 'dir/file'])
    await writeFile(at(name), 'just words\n');
  for (const name of ['empty', 'empty.raw']) await writeFile(at(name), '');
  await chmod(at('closed.raw'), 0);
  await symlink('gone', at('dead'));
  await symlink('circle', at('circle'));
});
afterAll(async () => home[Symbol.asyncDispose]());

/** A command line in this process, as a program sees it. */
async function run(args: readonly string[]) {
  const env = { PATH: process.env['PATH'], HOME: home.path, BAKERY_CACHE: join(home.path, 'scratch/cache') };
  let [stdout, stderr] = ['', ''];
  const code = await runProgram([...args, '--json', '--offline'], {
    env,
    cwd: home.path,
    homedir: home.path,
    tmpdir: join(home.path, 'scratch'),
    isRoot: true,
    ownRecipes: join(import.meta.dirname, '../../../recipes'),
    exec: spawnExec(env),
    report: silentReport,
    out: { isTTY: false, columns: 80, write: (text: string) => (stdout += text) !== '' },
    err: { isTTY: false, columns: 80, write: (text: string) => (stderr += text) !== '' },
  });
  return { code, stdout, stderr };
}

/** What a command may be given instead of a file. */
const noFiles = [
  ['none', /found none|no such|expected a URL|recipe/],
  ['none.raw', /found none|no such|expected a URL|recipe/],
  ['dir', /(found|got) (a folder|none|no such)|expected a URL|recipe/],
  ['text/below', /found none|no such|expected a URL|recipe/],
  ['dead', /symlink|found none|expected a URL|recipe/],
  ['circle', /symlink|found none|expected a URL|recipe/],
  ['', /got ""|argument '' is invalid/],
] as const;

const readers: readonly (readonly [string, (path: string) => readonly string[]])[] = [
  ['--config', (path) => ['list', '--config', path]],
  ['--list', (path) => ['check', '--list', path]],
  ['--catalogue', (path) => ['info', 'x', '--catalogue', path]],
  ['verify', (path) => ['verify', path]],
  ['verify --provenance', (path) => ['verify', '--provenance', '--repository', 'a/b', path]],
  ['--bundle', (path) => ['verify', '--provenance', '--repository', 'a/b', 'text.raw', '--bundle', path]],
  ['compare', (path) => ['compare', path, 'text.raw']],
  ['test', (path) => ['test', path]],
  ['test --host vm', (path) => ['test', path, '--host', 'vm']],
  ['migrate-check', (path) => ['migrate-check', path]],
  ['--ring', (path) => ['conformance', 'http://127.0.0.1:9/', '--ring', path]],
  ['key check', (path) => ['key', 'check', path]],
  ['boot --keys', (path) => ['boot', 'text.raw', '--keys', path]],
  ['bake-os', (path) => ['bake-os', path, 'text.raw']],
  ['bake-os --keys', (path) => ['bake-os', 'flatcar', 'text.raw', '--keys', path]],
  ['import', (path) => ['import', path]],
];

const noFolders = [
  ['none', /found none|no such/],
  ['text', /found a file|is no folder/],
  ['text/below', /found none|found a file/],
  ['dead', /found a symlink to nothing/],
  ['circle', /found symlinks that lead in a circle|found no /],
  ['', /got ""/],
] as const;

const folderReaders: readonly (readonly [string, (path: string) => readonly string[]])[] = [
  ['--recipes', (path) => ['list', '--recipes', path]],
  ['key show', (path) => ['key', 'show', path]],
  ['key rotate', (path) => ['key', 'rotate', path]],
  ['flix', (path) => ['flix', path, 'x', '/usr/bin/x']],
  ['flatwrap', (path) => ['flatwrap', path, 'x', '/usr/bin/x']],
  ['mirror', (path) => ['mirror', path === '' ? '' : `dir:${path}`, 'dir:copy']],
  ['serve', (path) => ['serve', '--port', '0', '--store', path === '' ? '' : `dir:${path}`]],
];

/** Where nothing can be written. */
const noPlaces = ['text', 'text/below', 'dead', 'circle', ''];

const writers: readonly (readonly [string, (path: string) => readonly string[]])[] = [
  ['key new', (path) => ['key', 'new', path]],
  ['init', (path) => ['init', path === '' ? path : `${path}/x`, '--bakery', 'a/b']],
  ['new', (path) => ['new', 'x', '--recipes', path]],
  ['flatwrap', (path) => ['flatwrap', 'dir', path, '/usr']],
  ['oci-rootfs', (path) => ['oci-rootfs', 'localhost/x', path, '--no-fetch']],
  ['mirror', (path) => ['mirror', 'dir:dir', path === '' ? '' : `dir:${path}`]],
  ['metadata', (path) => ['metadata', '--all', '--store', path === '' ? '' : `dir:${path}`]],
  ['--junit', (path) => ['test', 'text.raw', '--junit', path === '' ? path : `${path}/x`]],
];

describe('where a file is expected', () => {
  it.each(product(readers, noFiles))('%s says what "%s" is', async (_, path, command, said) => {
    await expectRefused(command(path), said);
  });
});

describe('where a folder is expected', () => {
  it.each(product(folderReaders, noFolders))('%s says what "%s" is', async (_, path, command, said) => {
    await expectRefused(command(path), said);
  });
});

describe('where something is to be written', () => {
  it.each(writers.flatMap(([what, command]) => noPlaces.map((path) => [what, path, command] as const)))(
    '%s says that "%s" is in the way',
    async (_, path, command) => {
      await expectRefused(command(path), /expected/);
    },
  );
});

it.each([
  [['verify', 'empty.raw'], 'image.unreadable'],
  [['verify', 'text.raw'], 'image.unreadable'],
  [['metadata', 'a/b'], 'name.invalid'],
  [['metadata', 'nope'], 'recipe.unknown'],
  [['check', '--deep', 'nope'], 'recipe.unknown'],
  [['compare', 'dir:none', 'dir:none'], 'store.missing'],
  [['check', '--deep', '--store', 'dir:text'], 'store.taken'],
  [['create', 'nope'], 'input.invalid'],
  [['release', '--epoch', 'now'], 'input.invalid'],
  [['release', '--jobs', '0'], 'input.invalid'],
  [['create', 'bun', 'latest', '--compression', 'best'], 'image.settings'],
  [['create', 'bun', 'latest', '--level', '99'], 'image.settings'],
  [['create', 'bun', 'latest', '--format', 'ext4', '--block-size', '128K'], 'image.settings'],
  [['create', 'bun', 'latest', '--jobs', '9999999999'], 'input.invalid'],
  [['key', 'new', 'keys', '--lifetime', 'x'], 'input.invalid'],
  [['key', 'new', 'keys', '--lifetime', '99999y'], 'input.invalid'],
  [['key', 'rotate', 'keys', '--lifetime', '2020-01-01'], 'input.invalid'],
  [['release', '--hub', 'x'], 'input.invalid'],
  [['relaese'], 'input.invalid'],
  [['key'], 'input.invalid'],
] as const)('%j ends with %s', async (args, code) => {
  const { stdout } = await run(args);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code } });
});

it('says that a file may not be read', async () => {
  const main = join(import.meta.dirname, '../src/main.ts');
  const args = ['--bounding-set=-dac_override,-dac_read_search,-fowner', process.execPath, main, 'verify'];
  const ended = promisify(execFile)('setpriv', [...args, 'closed.raw'], {
    cwd: home.path,
    env: { PATH: process.env['PATH'], HOME: join(home.path, 'scratch') },
  });
  await expect(ended).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^bakery: \S+closed\.raw: permission denied\nhint: /m),
  });
});

function product<C, S>(
  commands: readonly (readonly [string, C])[],
  paths: readonly (readonly [string, S])[],
): [string, string, C, S][] {
  return commands.flatMap(([what, command]) =>
    paths.map(([path, said]): [string, string, C, S] => [what, path, command, said]),
  );
}

const rawWords = /\bE(NOENT|ISDIR|NOTDIR|ACCES|EXIST|LOOP|ROFS)\b|this is a bug|^ +at /m;

async function expectRefused(args: readonly string[], said: RegExp): Promise<void> {
  const before = await filesThere();
  const { code, stdout, stderr } = await run(args);
  expect({ output: stderr + stdout, isFailed: code === 1 || code === 2 }).toEqual({
    output: expect.stringMatching(said),
    isFailed: true,
  });
  expect(stderr + stdout).not.toMatch(rawWords);
  expect(codesIn(JSON.parse(stdout)).filter((one) => !(one in codes))).toEqual([]);
  expect(await filesThere()).toEqual(before);
}

/** Every code in what a program reads. */
function codesIn(data: unknown): string[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => (key === 'code' ? [String(value)] : codesIn(value)));
}

async function filesThere(): Promise<string[]> {
  const entries = await readdir(home.path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.parentPath.includes('/scratch'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
