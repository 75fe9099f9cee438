import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedRecipe } from '@bakery/core/recipe.ts';
import { parseUnit } from '@bakery/core/systemd.ts';
import { type Facts, holds } from '@bakery/core/versions.ts';

/** A unit that starts once a target wants it. */
export interface Wanted {
  readonly unit: string;
  /** As WantedBy= says, or what is usual for the type of unit. */
  readonly target: string;
  /** In the image. */
  readonly path: string;
}

/**
 * The units that a user enables. A link does it: presets of a first boot come before the image is merged. When
 * `setup` enables some of them, only those.
 */
export async function wantedLinks(
  { recipe, folder }: LoadedRecipe,
  facts: Facts,
): Promise<readonly Wanted[]> {
  const users = recipe.units.filter((unit) => unit.start === 'user' && holds(unit, facts));
  const enabled = new Set(
    recipe.setup.flatMap((entry) => ('unit' in entry && entry.enable === true ? [entry.unit] : [])),
  );
  const chosen = users.filter(({ name }) => enabled.has(name));
  const shipped = await shippedUnits(
    (recipe.files ?? []).filter((tree) => holds(tree, facts)).map(({ from }) => join(folder, from)),
  );
  return (chosen.length > 0 ? chosen : users).map(({ name }) => ({
    unit: name,
    target: shipped.get(name) ?? usualTarget(name),
    path: `${unitFolder}/${name}`,
  }));
}

const unitFolder = '/usr/lib/systemd/system';

/** Units of static trees that say which target wants them. */
async function shippedUnits(trees: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const targets = new Map<string, string>();
  for (const tree of trees) {
    const units = join(tree, unitFolder);
    const entries = await readdir(units, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.filter((one) => one.isFile())) {
      const settings = parseUnit(await readFile(join(units, entry.name), 'utf8'));
      const target = settings.find(({ section, key }) => section === 'Install' && key === 'WantedBy')?.value;
      if (target !== undefined) targets.set(entry.name, target.split(' ')[0] ?? target);
    }
  }
  return targets;
}

function usualTarget(unit: string): string {
  if (unit.endsWith('.socket')) return 'sockets.target';
  return unit.endsWith('.timer') ? 'timers.target' : 'multi-user.target';
}
