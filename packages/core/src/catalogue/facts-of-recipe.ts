import type { Recipe } from '../recipe/schema.ts';
import { unprovedOf } from '../recipe/unproved-of.ts';
import type { Condition } from '../versions/condition.ts';
import type { CatalogueFacts } from './schema.ts';

/** What a catalogue repeats of a recipe. */
export function factsOfRecipe(recipe: Recipe): CatalogueFacts {
  const { summary, homepage, license, os, units, requires, conflicts, masks } = recipe;
  const unproved = unprovedOf(recipe);
  return {
    summary,
    homepage,
    license,
    ...(os === undefined ? {} : { os }),
    units: units.map((unit) => ({ name: unit.name, start: unit.start, ...conditionOf(unit) })),
    requires: requires.map(relationOf),
    conflicts: conflicts.map(relationOf),
    masks,
    afterUpdate: recipe['after-update'],
    ...(unproved === undefined ? {} : { unproved: [...unproved] }),
  };
}

function relationOf({ name, version, why, ...condition }: Recipe['requires'][number]) {
  return {
    name,
    ...(version === undefined ? {} : { version }),
    ...(why === undefined ? {} : { why }),
    ...conditionOf(condition),
  };
}

function conditionOf({ when, arches, if: options }: Condition) {
  return {
    ...(when === undefined ? {} : { when }),
    ...(arches === undefined ? {} : { arches }),
    ...(options === undefined ? {} : { if: options }),
  };
}
