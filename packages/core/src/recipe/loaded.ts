import type { Place } from '../diagnostics/place.ts';
import type { ImageFormat } from '../image/formats.ts';
import type { Retention } from './retention.ts';
import type { Recipe } from './schema.ts';

/** How its images are packed where nobody says otherwise. */
export interface ImageWishes {
  readonly format?: ImageFormat;
  readonly compression?: string;
  readonly level?: number;
}

/** A recipe and where it came from. */
export interface LoadedRecipe {
  readonly recipe: Recipe;
  /** The recipe as it was written: before defaults and transforms. */
  readonly data: unknown;
  /** Folder that holds recipe.yaml, files/ and README.md. */
  readonly folder: string;
  /** The name it has in its own file, when it is published under another one or with settings of a bakery. */
  readonly own?: string;
  readonly image?: ImageWishes;
  /** Which versions its index goes on naming; without it, all. */
  readonly retention?: Retention;
  /** Days after which a version counts as latest no longer. */
  readonly maxAge?: number;
  /** Where a key of the recipe stands, e.g. `locate(['artifacts', 0, 'url'])`. */
  readonly locate: (path: readonly (string | number)[]) => Place;
}
