import type { Entries } from './entries.ts';
import { readUnits, type UnitFile, unitTypes } from './unit-files.ts';

const links = new RegExp(String.raw`\.(?:wants|requires|upholds)/([^/]+\.(?:${unitTypes}))$`);
const pulling = new Set(['Upholds', 'Wants', 'Requires', 'BindsTo', 'Requisite']);
const activating = /\.(?:socket|timer|path)$/;

/**
 * Units of the tree that run without anybody enabling them: those a unit that is not of the tree pulls in, by a
 * drop-in or a link, and those they pull in themselves.
 */
export function unitsStartedByMerge(entries: Entries): ReadonlySet<string> {
  const units = readUnits(entries);
  const own = new Set(units.filter(({ path }) => !isDropIn(path)).map(({ unit }) => unit));
  const started = new Set<string>();
  const start = (unit: string): void => {
    if (started.has(unit)) return;
    started.add(unit);
    for (const next of units.filter((one) => one.unit === unit).flatMap(pulledBy)) start(next);
  };
  for (const { path, kind } of entries.all) {
    const unit = kind === 'symlink' ? links.exec(path)?.[1] : undefined;
    if (unit !== undefined) start(templateIn(own, unit));
  }
  for (const unit of units.filter((one) => isDropIn(one.path) && !own.has(one.unit))) {
    for (const next of pulledBy(unit)) start(templateIn(own, next));
  }
  return started;
}

function pulledBy({ unit, settings }: UnitFile): string[] {
  const pulled = settings
    .filter(({ section, key }) => section === 'Unit' && pulling.has(key))
    .flatMap(({ value }) => value.split(/\s+/));
  if (!activating.test(unit)) return pulled;
  const told = settings.filter(({ key }) => key === 'Unit' || key === 'Service').map(({ value }) => value);
  return [...pulled, ...(told.length > 0 ? told : [unit.replace(activating, '.service')])];
}

function isDropIn(path: string): boolean {
  return path.endsWith('.conf');
}

/** `x@y.service` is made from `x@.service`. */
function templateIn(own: ReadonlySet<string>, unit: string): string {
  const template = unit.replace(/@[^.]+\./, '@.');
  return !own.has(unit) && own.has(template) ? template : unit;
}
