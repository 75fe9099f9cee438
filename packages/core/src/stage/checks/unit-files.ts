import { parseUnit, type Setting } from '../../systemd/parse-unit.ts';
import type { Entries } from './entries.ts';
import { readText } from './read-text.ts';

/** A unit or drop-in of the tree, read. */
export interface UnitFile {
  readonly path: string;
  /** Unit it speaks of: for a drop-in the one whose folder it is in. */
  readonly unit: string;
  readonly settings: readonly Setting[];
}

export const unitTypes = 'service|socket|timer|path|target|mount|automount|slice|swap|scope';
const folders = String.raw`^/usr/(?:local/)?lib/systemd/(?:system|user)`;
const unitPath = new RegExp(String.raw`${folders}/([^/]+\.(?:${unitTypes}))$`);
const dropInPath = new RegExp(String.raw`${folders}/([^/]+)\.d/[^/]+\.conf$`);
const dropInFolder = new RegExp(String.raw`${folders}/([^/]+\.)?(?:${unitTypes})\.d$`);
const linkFolder = new RegExp(String.raw`${folders}/[^/]+\.(?:wants|requires|upholds)$`);

export function readUnits({ root, all }: Entries): UnitFile[] {
  return all.flatMap(({ path, kind }) => {
    const unit = unitPath.exec(path)?.[1] ?? dropInPath.exec(path)?.[1];
    if (kind !== 'file' || unit === undefined) return [];
    return [{ path, unit, settings: parseUnit(readText(root, path)) }];
  });
}

export function isDropInFolder(path: string): boolean {
  return dropInFolder.test(path);
}

export function isLinkFolder(path: string): boolean {
  return linkFolder.test(path);
}

/** Whether the tree has a unit of that name; `x@y.service` may be made from `x@.service`. */
export function hasUnit({ find }: Entries, name: string): boolean {
  const template = name.replace(/@[^.]+\./, '@.');
  return ['/usr/lib', '/usr/local/lib'].some((lib) =>
    ['system', 'user'].some((manager) =>
      [name, template].some((unit) => find(`${lib}/systemd/${manager}/${unit}`) !== undefined),
    ),
  );
}
