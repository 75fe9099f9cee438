import type { KeyPath } from '../diagnostics/problem.ts';
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
] as const satisfies readonly (keyof Recipe)[];

/** Every entry of a recipe that may have a condition, and where it stands. */
export function conditionsOf(recipe: Recipe): { readonly path: KeyPath; readonly condition: Condition }[] {
  const entries = lists.flatMap((list) =>
    (recipe[list] ?? []).flatMap((entry, index) =>
      typeof entry === 'string' ? [] : [{ path: [list, index], condition: entry }],
    ),
  );
  const patches = recipe.build.flatMap((step, index) =>
    'container' in step
      ? (step.container.patches ?? []).flatMap((patch, at) =>
          typeof patch === 'string'
            ? []
            : [{ path: ['build', index, 'container', 'patches', at], condition: patch }],
        )
      : [],
  );
  return [...entries, ...patches];
}
