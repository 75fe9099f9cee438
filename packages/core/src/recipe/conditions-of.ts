import type { KeyPath } from '../diagnostics/key-path.ts';
import { conditionsInSteps } from '../steps/build-step.ts';
import type { Condition } from '../versions/condition.ts';
import type { Recipe } from './schema.ts';

const lists = [
  'artifacts',
  'build',
  'files',
  'folders',
  'text',
  'edit',
  'links',
  'require',
  'units',
  'requires',
  'conflicts',
  'setup',
  'smoke',
  'test',
] as const satisfies readonly (keyof Recipe)[];

/** Every part of a recipe that may have a condition, and where it stands. */
export function conditionsOf(recipe: Recipe): { readonly path: KeyPath; readonly condition: Condition }[] {
  const entries = lists.flatMap((list) =>
    (recipe[list] ?? []).map((entry: Condition, index) => ({ path: [list, index], condition: entry })),
  );
  return [...entries, ...conditionsInSteps(recipe.build)];
}
