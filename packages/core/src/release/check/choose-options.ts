import { resolveOptions } from '../../recipe/resolve-options.ts';
import type { Recipe } from '../../recipe/schema.ts';
import type { Upstream } from './upstream.ts';

/** Every option of `recipe` for `version`: what is `given`, else its default, else the newest version of its source. */
export function chooseOptions(
  recipe: Recipe,
  version: string,
  { newest }: Pick<Upstream, 'newest'>,
  given: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  return resolveOptions(recipe, version, given, (source) => newest(source, recipe));
}
