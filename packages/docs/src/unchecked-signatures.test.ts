import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { loadRecipeBook } from '@bakery/core/src/recipe/recipe-book.ts';
import { readUncheckedSignatures } from './unchecked-signatures.ts';

const root = join(import.meta.dirname, '../../..');
const book = await loadRecipeBook([join(root, 'recipes')]);
const recipes = await Promise.all(book.names.map((name) => book.find(name)));
const unsigned = recipes.flatMap(({ recipe }) =>
  recipe.artifacts.filter(({ signature }) => signature === undefined).map(({ url }) => url),
);

it.each(Object.keys(await readUncheckedSignatures(root)))('something from %s goes unchecked', (start) => {
  expect(unsigned.filter((url) => url.startsWith(start))).not.toEqual([]);
});
