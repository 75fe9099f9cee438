import { posix } from 'node:path';
import { error, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Entries, Entry } from './entries.ts';
import { hasUnit, isDropInFolder, isLinkFolder } from './unit-files.ts';

/** Folders beside units: drop-ins that systemd would not read, links to units that are not there. */
export function checkUnitFolders(entries: Entries): Diagnostic[] {
  return entries.all.flatMap((entry) => {
    const folder = posix.dirname(entry.path);
    if (isDropInFolder(folder)) return checkDropIn(entry);
    if (isLinkFolder(folder)) return checkUnitLink(entries, entry);
    return [];
  });
}

function checkDropIn({ path, kind }: Entry): Diagnostic[] {
  if (path.endsWith('.conf') && kind !== 'folder') return [];
  return [
    error('tree.drop-in', path, 'expected a drop-in that ends in ".conf": systemd reads nothing else here'),
  ];
}

function checkUnitLink(entries: Entries, { path, kind }: Entry): Diagnostic[] {
  const unit = posix.basename(path);
  if (kind !== 'symlink')
    return [error('tree.drop-in', path, 'expected a link to a unit: systemd reads nothing else here')];
  return hasUnit(entries, unit)
    ? []
    : [error('tree.no-unit', path, `expected a unit ${unit} in the tree, got none`)];
}
