import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { loadRecipeBook, withFallback } from './recipe-book.ts';

const recipe = (name: string): string => `recipe: 1
name: ${name}
summary: A demo
homepage: https://example.org/
license: MIT
versions: { from: pinned, versions: [1.0.0] }
arch: { x86-64: amd64 }
`;

async function put(folder: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'recipe.yaml'), text);
}

it('finds recipes in folders and folders that are one, and a broken one hurts nobody', async () => {
  await using temp = await mkdtempDisposable(join(tmpdir(), 'recipes-'));
  await put(join(temp.path, 'recipes', 'good'), recipe('good'));
  await put(join(temp.path, 'recipes', 'broken'), 'nonsense: [');
  await put(join(temp.path, 'mine'), recipe('mine'));
  await mkdir(join(temp.path, 'recipes', 'notes'));
  await writeFile(join(temp.path, 'recipes', 'recipe.schema.json'), '{}');
  const folders = [join(temp.path, 'recipes'), join(temp.path, 'mine'), join(temp.path, 'mine')];
  const recipeBook = await loadRecipeBook(folders, temp.path);
  expect(recipeBook.names).toEqual(['broken', 'good', 'mine']);
  const good = await recipeBook.find('good');
  expect(good.recipe.name).toBe('good');
  expect(await recipeBook.find('good')).toBe(good); // read once
  await expect(recipeBook.find('broken')).rejects.toThrow(
    /^recipes\/broken\/recipe\.yaml:\d+:\d+ expected YAML/,
  );
  await expect(recipeBook.find('god')).rejects.toMatchObject({
    message: 'god: expected the name of a recipe in recipes, mine, mine: good, mine, broken',
    hint: 'did you mean good?',
  });
});

it('names the recipes whose names are near, and counts the others', async () => {
  await using temp = await mkdtempDisposable(join(tmpdir(), 'recipes-'));
  const names = ['kubernetes', 'kubeadm', 'k3s', 'k9s', 'docker', 'containerd', 'nodejs'];
  for (const name of names) await put(join(temp.path, name), recipe(name));
  const recipeBook = await loadRecipeBook([temp.path], temp.path);
  await expect(recipeBook.find('kubelet')).rejects.toThrow(
    /^kubelet: expected the name of a recipe.*: kubeadm, kubernetes, .* and 2 others$/,
  );
});

it('refuses two recipes of one name and names both places', async () => {
  await using temp = await mkdtempDisposable(join(tmpdir(), 'recipes-'));
  await put(join(temp.path, 'a', 'same'), recipe('same'));
  await put(join(temp.path, 'b', 'same'), recipe('same'));
  await expect(loadRecipeBook([join(temp.path, 'a'), join(temp.path, 'b')], temp.path)).rejects.toThrow(
    'b/same: expected recipes of different names, got "same" in a/same too',
  );
});

it('refuses a folder that is not there', async () => {
  await using temp = await mkdtempDisposable(join(tmpdir(), 'recipes-'));
  await expect(loadRecipeBook([join(temp.path, 'none')], temp.path)).rejects.toThrow(
    'none: expected a folder with recipes, found none',
  );
});

it('puts the recipes of the caller before others, and guesses among all', async () => {
  await using temp = await mkdtempDisposable(join(tmpdir(), 'recipes-'));
  await put(join(temp.path, 'own', 'both'), recipe('both'));
  await put(join(temp.path, 'own', 'only-own'), recipe('only-own'));
  await put(join(temp.path, 'mine', 'both'), recipe('both'));
  const load = (folder: string) => loadRecipeBook([join(temp.path, folder)], temp.path);
  const recipeBook = withFallback(await load('mine'), await load('own'));
  expect(recipeBook.names).toEqual(['both', 'only-own']);
  expect(recipeBook.folder('both')).toBe(join(temp.path, 'mine', 'both'));
  expect((await recipeBook.find('only-own')).recipe.name).toBe('only-own');
  await expect(recipeBook.find('bot')).rejects.toMatchObject({
    message: 'bot: expected the name of a recipe: both, only-own',
    hint: 'did you mean both?',
  });
});
