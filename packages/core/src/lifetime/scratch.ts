import { ownedFolder, removeAbandoned, type OwnedFolder } from './owned-folder.ts';

const prefix = 'bakery-';

/** A new folder for half-made images below `parent`; it goes when disposed. */
export async function scratchFolder(parent: string): Promise<OwnedFolder> {
  await removeDeadScratch(parent);
  return ownedFolder(parent, prefix);
}

/** Removes the scratch folders of runs that were killed. */
export function removeDeadScratch(parent: string): Promise<void> {
  return removeAbandoned(parent, prefix);
}
