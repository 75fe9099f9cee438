import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { withEnvironment } from '@bakery/testbed/with-environment.ts';
import { runChecked } from '../ports/run-checked.ts';
import { spawnExec } from '../ports/spawn.ts';
import { applyPatch, fetchGit, type GitSource } from './git-source.ts';

const exec = withEnvironment(spawnExec(process.env), {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.org',
  // What servers allow, and folders as submodules, which git takes from nobody by itself.
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'uploadpack.allowAnySHA1InWant',
  GIT_CONFIG_VALUE_0: 'true',
  GIT_CONFIG_KEY_1: 'protocol.file.allow',
  GIT_CONFIG_VALUE_1: 'always',
});
let stack: AsyncDisposableStack;
let folder: string;
/** Commits by what was committed. */
const commits: Record<string, string> = {};
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'git-'))).path;
  await repository('library', ['one', 'two']);
  await repository('program', []);
  await git('program', 'submodule', '--quiet', 'add', `file://${folder}/library`, 'deps/library');
  await commit('program', 'first');
  await git('program', 'tag', '--annotate', '--message=x', 'v1');
  await git('program', 'branch', 'v1'); // a branch of the same name, elsewhere
  await commit('program', 'second');
  await git('program', 'branch', '--force', 'v1');
  await git('program', 'branch', 'next');
});
afterAll(() => stack.disposeAsync());

async function git(name: string, ...args: string[]): Promise<string> {
  return (await runChecked(exec, 'git', ['-C', join(folder, name), ...args])).trim();
}

async function repository(name: string, texts: readonly string[]): Promise<void> {
  mkdirSync(join(folder, name));
  await git(name, 'init', '--quiet', '--initial-branch=main');
  for (const text of texts) await commit(name, text);
}

async function commit(name: string, text: string): Promise<void> {
  writeFileSync(join(folder, name, 'text'), text);
  await git(name, 'add', '.');
  await git(name, 'commit', '--quiet', `--message=${text}`);
  commits[text] = await git(name, 'rev-parse', 'HEAD');
}

let count = 0;
async function fetched(source: Partial<GitSource>, offline = false) {
  const to = join(folder, `to-${++count}`);
  const whole = { git: `file://${folder}/program`, ref: 'v1', submodules: false, ...source };
  const record = await fetchGit(whole, to, { exec, mirrors: [], offline });
  return { record, text: (path: string) => readFileSync(join(to, path), 'utf8'), to };
}

it('takes a tag before a branch, and tells the commit and not the tag', async () => {
  const { record, text, to } = await fetched({});
  expect(record).toEqual({ url: `file://${folder}/program`, ref: 'v1', commit: commits['first'] });
  expect(text('text')).toBe('first');
  expect(existsSync(join(to, '.git'))).toBe(false);
});

it.each([
  ['a branch', () => 'next', 'second'],
  ['a commit', () => commits['first'] ?? '', 'first'],
])('takes %s', async (_what, ref, expected) => {
  const { record, text } = await fetched({ ref: ref() });
  expect(record.commit).toBe(commits[expected]);
  expect(text('text')).toBe(expected);
});

it('brings submodules and tells their commits', async () => {
  const { record, text, to } = await fetched({ submodules: true });
  expect(record.submodules).toEqual({ 'deps/library': commits['two'] });
  expect(text('deps/library/text')).toBe('two');
  expect(existsSync(join(to, 'deps/library/.git'))).toBe(false);
});

it('moves a submodule to another commit', async () => {
  const { record, text } = await fetched({ submodules: { 'deps/library': commits['one'] ?? '' } });
  expect(record.submodules).toEqual({ 'deps/library': commits['one'] });
  expect(text('deps/library/text')).toBe('one');
});

it('says what there is not', async () => {
  await expect(fetched({ ref: 'v2' })).rejects.toThrow('expected a tag or branch "v2", found none');
  await expect(fetched({ git: `file://${folder}/none` })).rejects.toThrow('git ended with exit code 128');
  await expect(fetched({}, true)).rejects.toThrow('expected not to need the network (--offline)');
});

it.each([
  ['ext', 'ext::sh -c touch% pwned'],
  ['ssh', 'ssh://127.0.0.1/x'],
  ['git', 'git://127.0.0.1/x'],
])('follows no submodule by %s', async (transport, url) => {
  await repository(transport, []);
  mkdirSync(join(folder, transport, 'x'));
  writeFileSync(join(folder, transport, '.gitmodules'), `[submodule "x"]\n\tpath = x\n\turl = ${url}\n`);
  await git(transport, 'update-index', '--add', '--cacheinfo', `160000,${commits['one']},x`);
  await commit(transport, transport);
  const work = fetched({ git: `file://${folder}/${transport}`, ref: 'main', submodules: true });
  await expect(work).rejects.toThrow(`transport '${transport}' not allowed`);
});

it.each([
  ['a link out of it', 'deps/out', '../../../library'],
  ['a folder', 'deps', undefined],
  ['nothing', 'deps/none', undefined],
])('takes no commit for %s in the place of a submodule', async (_what, path, target) => {
  if (target !== undefined) {
    mkdirSync(join(folder, 'program/deps'), { recursive: true });
    symlinkSync(target, join(folder, 'program', path));
    await commit('program', 'third');
    await git('program', 'branch', '--force', 'next');
  }
  const work = fetched({ ref: 'next', submodules: { [path]: commits['one'] ?? '' } });
  await expect(work).rejects.toThrow(/expected a submodule in|expected nothing outside of/);
});

it('patches sources without the settings of a repository they bring', async () => {
  const path = join(folder, 'unpacked');
  await repository('unpacked', []);
  writeFileSync(join(path, 'text'), 'old\n');
  mkdirSync(join(folder, 'victim'));
  writeFileSync(join(folder, 'victim/text'), 'old\n');
  await git('unpacked', 'config', 'core.worktree', join(folder, 'victim'));
  const patch = join(folder, 'fix.patch');
  writeFileSync(patch, '--- a/text\n+++ b/text\n@@ -1 +1 @@\n-old\n+new\n');
  await applyPatch(patch, path, exec);
  expect(readFileSync(join(path, 'text'), 'utf8')).toBe('new\n');
  expect(readFileSync(join(folder, 'victim/text'), 'utf8')).toBe('old\n');
});
