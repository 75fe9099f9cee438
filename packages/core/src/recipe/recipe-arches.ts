import { allArches, type Arch } from '../names/arch.ts';
import type { Recipe } from './schema.ts';

/** The architectures a recipe claims, in the order people read them. */
export function recipeArches(recipe: Pick<Recipe, 'arch'>): Arch[] {
  return allArches.filter((arch) => recipe.arch[arch] !== undefined);
}
