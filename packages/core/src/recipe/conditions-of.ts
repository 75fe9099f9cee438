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

/** Every piece of a recipe that may have a condition, and where it stands. */
export function conditionsOf(recipe: Recipe): { readonly path: KeyPath; readonly condition: Condition }[] {
  const entries = lists.flatMap((list) =>
    (recipe[list] ?? []).map((entry: Condition, index) => ({ path: [list, index], condition: entry })),
  );
  const members = recipe.artifacts.flatMap(({ unpack }, index) =>
    Object.entries(unpack?.files ?? {}).map(([member, condition]) => ({
      path: ['artifacts', index, 'unpack', 'files', member],
      condition,
    })),
  );
  return [...entries, ...members, ...conditionsInSteps(recipe.build)];
}
