import type { LoadedRecipe, Recipe } from '@bakery/core/recipe.ts';
import { type Facts, holds } from '@bakery/core/versions.ts';
import type { Installable } from './extension-config.ts';
import { wantedLinks } from './wanted-links.ts';

/** The units of an image that a host has to do with. */
export async function hostUnits(
  loaded: LoadedRecipe,
  facts: Facts,
): Promise<Pick<Installable, 'wanted' | 'services' | 'otherUnits'>> {
  const units = loaded.recipe.units.filter((unit) => holds(unit, facts)).map(({ name }) => name);
  return { wanted: await wantedLinks(loaded, facts), ...byKind(units) };
}

/** Services apart from what else there is. */
export function byKind(units: readonly string[]): Pick<Installable, 'services' | 'otherUnits'> {
  return {
    services: units.filter((unit) => unit.endsWith('.service')),
    otherUnits: units.filter((unit) => !unit.endsWith('.service')),
  };
}

/** Options whose default is a version of something else count as unset: no condition asks for such a version. */
export function defaultOptions({ options }: Pick<Recipe, 'options'>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { default: value }]) => [
      name,
      typeof value === 'string' ? value : '',
    ]),
  );
}
