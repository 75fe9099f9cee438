import type { Place } from '../diagnostics/place.ts';
import { fillIn, Template } from '../language/slots.ts';
import { upstreamVersion } from '../names/revision.ts';
import { expandRecipe } from '../recipe/expand.ts';
import type { HostTest, Smoke } from '../recipe/image-plan.ts';
import type { LoadedRecipe } from '../recipe/loaded.ts';
import { commonValues } from '../recipe/placeholders.ts';
import { holds, type Facts } from '../versions/condition.ts';

/** Another extension that a recipe speaks of. */
export interface Relation {
  readonly place: Place;
  readonly name: string;
  readonly version?: string;
  readonly why?: string;
}

/** What a recipe promises of an image on a host. */
export interface Promises {
  readonly smoke: readonly Smoke[];
  readonly tests: readonly HostTest[];
  readonly requires: readonly Relation[];
  readonly conflicts: readonly Relation[];
}

/** Pure; UserError as of `expandRecipe`. */
export function promisesOf(loaded: LoadedRecipe, facts: Facts): Promises {
  const { smoke, tests } = expandRecipe(loaded, facts);
  return {
    smoke,
    tests,
    requires: relations(loaded, 'requires', facts),
    conflicts: relations(loaded, 'conflicts', facts),
  };
}

function relations(loaded: LoadedRecipe, list: 'requires' | 'conflicts', given: Facts): Relation[] {
  const { recipe, locate } = loaded;
  const facts = { ...given, version: upstreamVersion(given.version) };
  const archToken = recipe.arch[facts.arch] ?? '';
  const values = commonValues({ ...facts, name: loaded.own ?? recipe.name, archToken });
  return recipe[list].flatMap((entry, index) => {
    if (!holds(entry, facts)) return [];
    const { name, version, why } = entry;
    return [
      {
        place: locate([list, index]),
        name,
        ...(version === undefined ? {} : { version: fillIn(Template, version, values) }),
        ...(why === undefined ? {} : { why }),
      },
    ];
  });
}
