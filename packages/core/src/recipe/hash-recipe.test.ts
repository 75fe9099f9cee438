import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { hashRecipe } from './hash-recipe.ts';

describe('hashRecipe', () => {
  it.each([
    ['README.md', 'better words'],
    ['tree.txt', 'what tests expect'],
  ])('stays when %s changes: it is about the recipe', async (path, text) => {
    await using recipe = await sampleRecipe();
    const before = await hashRecipe(recipe.path);
    await write(recipe.path, path, text);
    expect(await hashRecipe(recipe.path)).toBe(before);
  });

  it.each([
    ['recipe.yaml', 'name: b'],
    ['files/usr/bin/tool', 'echo 2'],
    ['files/usr/share/doc/README.md', 'goes into the image'],
    ['files/usr/share/tree.txt', 'goes into the image'],
  ])('changes with %s: it can change an image', async (path, text) => {
    await using recipe = await sampleRecipe();
    const before = await hashRecipe(recipe.path);
    await write(recipe.path, path, text);
    expect(await hashRecipe(recipe.path)).not.toBe(before);
  });

  it('changes when a file becomes a program', async () => {
    await using recipe = await sampleRecipe();
    const before = await hashRecipe(recipe.path);
    await chmod(join(recipe.path, 'files/usr/bin/tool'), 0o755);
    expect(await hashRecipe(recipe.path)).not.toBe(before);
  });

  it('names a special file and does not wait for it', async () => {
    await using recipe = await sampleRecipe();
    execFileSync('mkfifo', [join(recipe.path, 'pipe')]);
    await expect(hashRecipe(recipe.path)).rejects.toThrow(
      '/pipe: expected a file, folder or link, got a special',
    );
  });
});

async function sampleRecipe() {
  const folder = await mkdtempDisposable(join(tmpdir(), 'hash-'));
  await write(folder.path, 'recipe.yaml', 'name: a');
  await write(folder.path, 'README.md', 'words');
  await write(folder.path, 'files/usr/bin/tool', 'echo 1');
  return folder;
}

async function write(folder: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}
