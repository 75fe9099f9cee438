import { upstreamVersion } from '../../names/revision.ts';
import type { BakeryVersion, Inputs, RecipeOrigin } from '../../provenance/inputs.ts';
import { hashRecipe } from '../../recipe/hash-recipe.ts';
import type { LoadedRecipe } from '../../recipe/loaded.ts';
import { gitState, type GitContext } from './git-state.ts';

/** Who makes an image, and of which state of a recipe. */
export interface Origin {
  readonly bakery: BakeryVersion;
  readonly recipe: RecipeOrigin;
}

export interface OriginContext {
  /** Asks git, so only for a record that is written. */
  readonly origin: (loaded: LoadedRecipe) => Promise<Origin>;
}

/** The record of `images`, all of one version. */
export async function versionInputs(
  loaded: LoadedRecipe,
  version: string,
  images: Inputs['images'],
  { origin }: OriginContext,
  revise?: string,
): Promise<Inputs> {
  const { bakery, recipe } = await origin(loaded);
  const sha256 = await hashRecipe(loaded.folder);
  return {
    inputs: 1,
    name: loaded.recipe.name,
    version,
    ...(revise === undefined ? {} : { revision: { of: upstreamVersion(version), why: revise } }),
    bakery,
    recipe: { sha256, ...recipe },
    images,
  };
}

/** Where the recipe in `folder` comes from, as far as git knows. */
export async function recipeOrigin(folder: string, context: GitContext): Promise<RecipeOrigin> {
  // What hashRecipe leaves out changes no image.
  const paths = ['.', ':(exclude,glob)*.md', ':(exclude,glob)tree.txt'];
  return (await gitState(folder, paths, context)) ?? {};
}
