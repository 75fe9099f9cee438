import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtempDisposable, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const execute = promisify(execFile);

it('names the recipes a pull request adds or changes, and neither removed ones nor other files', async () => {
  await using home = await mkdtempDisposable(join(tmpdir(), 'changed-recipes-'));
  const at = (path: string): string => join(home.path, path);
  const git = (...args: string[]) =>
    execute('git', ['-c', 'user.name=a', '-c', 'user.email=a@localhost', ...args], { cwd: home.path });
  await git('init', '--quiet');
  await cp(join(import.meta.dirname, '../../../scripts/changed-recipes'), at('scripts/changed-recipes'));
  for (const name of ['same', 'changed', 'removed']) {
    await mkdir(at(`recipes/${name}/files`), { recursive: true });
    await writeFile(at(`recipes/${name}/recipe.yaml`), name);
  }
  await git('add', '--all');
  await git('commit', '--quiet', '-m', 'before');
  await writeFile(at('recipes/changed/files/unit'), 'x');
  await mkdir(at('recipes/added'));
  await writeFile(at('recipes/added/recipe.yaml'), 'x');
  await writeFile(at('recipes/recipe.schema.json'), '{}');
  await writeFile(at('README.md'), 'x');
  await rm(at('recipes/removed'), { recursive: true });
  await git('add', '--all');
  await git('commit', '--quiet', '-m', 'after');
  const { stdout } = await execute(at('scripts/changed-recipes'), ['HEAD^1']);
  expect(stdout).toBe('extensions=added changed\n');
});
