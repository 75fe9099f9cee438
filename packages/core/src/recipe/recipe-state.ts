import { createHash } from 'node:crypto';
import { hashRecipe } from './hash-recipe.ts';
import type { LoadedRecipe } from './loaded.ts';

/** One SHA-256 over a recipe as it builds: the files of its folder, and what settings elsewhere make of it. */
export async function recipeState({ folder, recipe }: LoadedRecipe): Promise<string> {
  return createHash('sha256')
    .update(await hashRecipe(folder))
    .update(JSON.stringify(recipe))
    .digest('hex');
}
