import type { TreeEntry } from './walk-tree.ts';

/** Bytes of all files of a tree, each counted once however many names it has. */
export function unpackedSize(entries: readonly TreeEntry[]): number {
  return entries
    .filter(({ kind, linkTo }) => kind === 'file' && linkTo === undefined)
    .reduce((sum, { size }) => sum + size, 0);
}
