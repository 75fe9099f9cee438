import { mkdir, mkdtempDisposable, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runChecked } from '../../ports/run-checked.ts';
import { spawnExec } from '../../ports/spawn.ts';
import { gitState, withoutCredentials, type GitState } from './git-state.ts';

const exec = spawnExec({ PATH: process.env['PATH'] });

let home: Awaited<ReturnType<typeof mkdtempDisposable>>;
let top: string;
let recipe: string;
let head: string;

async function git(...args: string[]): Promise<string> {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@localhost'];
  return (await runChecked(exec, 'git', [...who, ...args], { cwd: top })).trim();
}

beforeAll(async () => {
  home = await mkdtempDisposable(join(tmpdir(), 'git-state-'));
  top = join(home.path, 'repository');
  recipe = join(top, 'recipes/mine');
  await mkdir(recipe, { recursive: true });
  await writeFile(join(recipe, 'recipe.yaml'), 'recipe: 1\n');
  await writeFile(join(top, '.gitignore'), '*.log\n');
  await git('init', '--quiet', '-b', 'main');
  await git('remote', 'add', 'origin', 'https://someone:ghp_secret@git.example/me/recipes.git');
  await git('add', '--all');
  await git('commit', '--quiet', '-m', 'all');
  head = await git('rev-parse', 'HEAD');
});

afterAll(() => home[Symbol.asyncDispose]());

function ask(env: Record<string, string> = {}, paths = ['.']): Promise<GitState | undefined> {
  return gitState(recipe, paths, { exec, env });
}

describe('gitState', () => {
  it('tells repository, commit and path, and no credentials', async () => {
    expect(await ask()).toEqual({
      repository: 'https://git.example/me/recipes.git',
      commit: head,
      path: 'recipes/mine',
      changed: false,
    });
  });

  it('asks about the repository of the folder whatever hook we run in', async () => {
    const inHook = spawnExec({
      PATH: process.env['PATH'],
      GIT_DIR: join(home.path, 'other'),
      GIT_INDEX_FILE: 'x',
    });
    expect(await gitState(recipe, ['.'], { exec: inHook, env: {} })).toMatchObject({ commit: head });
  });

  it('calls the repository what a workflow calls its own', async () => {
    const env = {
      GITHUB_WORKSPACE: await realpath(top),
      GITHUB_SHA: head,
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_REPOSITORY: 'me/recipes',
    };
    expect(await ask(env)).toMatchObject({ repository: 'https://github.example/me/recipes' });
    const elsewhere = { ...env, GITHUB_SHA: '0'.repeat(40) };
    expect(await ask(elsewhere)).toMatchObject({ repository: 'https://git.example/me/recipes.git' });
  });

  it.each(['README.md', 'files/unit', 'some.log'])('sees that %s is not in the commit', async (file) => {
    await mkdir(join(recipe, 'files'), { recursive: true });
    await writeFile(join(recipe, file), 'x');
    expect(await ask()).toMatchObject({ commit: head, changed: true });
    expect(await ask({}, ['.', `:(exclude)${file}`])).toMatchObject({ changed: false });
    await git('clean', '--quiet', '-dffx');
  });

  it('knows nothing of a folder that no repository holds, or without git', async () => {
    expect(await gitState(home.path, ['.'], { exec, env: {} })).toBeUndefined();
    expect(await gitState(recipe, ['.'], { exec: spawnExec({ PATH: home.path }), env: {} })).toBeUndefined();
  });
});

it.each([
  ['https://x-access-token:ghs_1@github.com/o/r', 'https://github.com/o/r'],
  ['https://ghp_1@github.com/o/r.git?token=1#2', 'https://github.com/o/r.git'],
  ['ssh://git:word@host.example:2222/o/r', 'ssh://git@host.example:2222/o/r'],
  ['git@github.com:o/r.git', 'git@github.com:o/r.git'],
  ['/home/me/secret-project', undefined],
  ['file:///home/me/secret-project', undefined],
  ['', undefined],
])('publishes %j as %j', (origin, published) => {
  expect(withoutCredentials(origin)).toBe(published);
});
