import type { Place } from '../diagnostics/place.ts';
import type { Recipe } from './schema.ts';

/** A recipe and where it came from. */
export interface LoadedRecipe {
  readonly recipe: Recipe;
  /** The recipe as it was written: before defaults and transforms. */
  readonly data: unknown;
  /** Folder that holds recipe.yaml, files/ and README.md. */
  readonly folder: string;
  /** Where a key of the recipe stands, e.g. `locate(['artifacts', 0, 'url'])`. */
  readonly locate: (path: readonly (string | number)[]) => Place;
}
