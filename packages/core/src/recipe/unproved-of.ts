import { unprovedScripts } from '../steps/build-step.ts';
import type { Recipe } from './schema.ts';

/** Scripts of a recipe's build that fetch what nobody checks; undefined where there are none. */
export function unprovedOf({ build }: Pick<Recipe, 'build'>): readonly string[] | undefined {
  const names = unprovedScripts(build).map(({ name }) => name);
  return names.length === 0 ? undefined : names;
}
