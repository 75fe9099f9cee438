import type { HostConfig, UnitConfig } from './host-config.ts';

/**
 * Configurations as one, with one entry a path and a unit, as Ignition wants it. A later file or link takes the place of
 * an earlier one; what is said of a unit adds up.
 */
export function fold(configs: readonly Partial<HostConfig>[]): HostConfig {
  const files = configs.flatMap((one) => one.files ?? []);
  const links = configs.flatMap((one) => one.links ?? []);
  const placed = lastOf(
    [...files, ...links].map((entry) => ({ entry })),
    ({ entry }) => entry.path,
  );
  return {
    files: placed.flatMap(({ entry }) => ('contents' in entry ? entry : [])),
    links: placed.flatMap(({ entry }) => ('target' in entry ? entry : [])),
    units: foldUnits(configs.flatMap((one) => one.units ?? [])),
  };
}

/** The last of those with one key, at the place of the first. */
export function lastOf<Entry>(entries: readonly Entry[], key: (entry: Entry) => string): Entry[] {
  return [...new Map(entries.map((entry) => [key(entry), entry])).values()];
}

function foldUnits(units: readonly UnitConfig[]): UnitConfig[] {
  const folded = new Map<string, UnitConfig>();
  for (const unit of units) {
    const { dropins: earlier = [], ...rest } = folded.get(unit.name) ?? {};
    const dropins = lastOf([...earlier, ...(unit.dropins ?? [])], ({ name }) => name);
    folded.set(unit.name, { ...rest, ...unit, ...(dropins.length === 0 ? {} : { dropins }) });
  }
  return [...folded.values()];
}
