import { posix } from 'node:path';
import { UserError } from '../../diagnostics/user-error.ts';
import type { TreeEntry } from '../walk-tree.ts';
import type { Name } from './folder-blocks.ts';
import { firstFree, rootInode } from './layout.ts';

export interface PlannedInode {
  readonly inode: number;
  readonly entry: TreeEntry;
  /** Names that lead to it. */
  readonly links: number;
  /** What is in it, when it is a folder, "." and ".." first. */
  readonly names: readonly Name[];
}

const mostLinks = 65_000; // EXT4_LINK_MAX

/** Gives everything of a tree (from walkTree) a number, in its order; further names of a file share its own. */
export function planInodes(entries: readonly TreeEntry[]): PlannedInode[] {
  const numbers = new Map<string, number>();
  let next = firstFree;
  for (const { path, linkTo } of entries) {
    const number = path === '/' ? rootInode : linkTo === undefined ? next++ : numbers.get(linkTo);
    if (number !== undefined) numbers.set(path, number);
  }
  const numberOf = (path: string): number => numbers.get(path) ?? 0;
  const names = new Map<string, Name[]>();
  const links = new Map<number, number>();
  for (const entry of entries) {
    const { path } = entry;
    const kind = kindOfName(entry);
    const inode = numberOf(path);
    const above = posix.dirname(path);
    const dot = [
      { name: '.', inode, kind },
      { name: '..', inode: numberOf(above), kind },
    ];
    if (kind === 'directory') names.set(path, dot);
    if (path !== '/') names.get(above)?.push({ name: posix.basename(path), inode, kind });
    // A folder is known by its name, its "." and the ".." of each folder in it.
    links.set(inode, (links.get(inode) ?? 0) + (kind === 'directory' ? 2 : 1));
    if (kind === 'directory' && path !== '/') {
      links.set(numberOf(above), (links.get(numberOf(above)) ?? 0) + 1);
    }
  }
  return entries
    .filter(({ linkTo }) => linkTo === undefined)
    .map((entry) => {
      const inode = numberOf(entry.path);
      const count = links.get(inode) ?? 0;
      if (count > mostLinks) {
        throw new UserError(
          'image.not-packable',
          `${entry.path}: expected at most ${mostLinks} folders in it or names of it, got ${count}`,
        );
      }
      return { inode, entry, links: count, names: names.get(entry.path) ?? [] };
    });
}

function kindOfName({ path, kind }: TreeEntry): Name['kind'] {
  if (kind !== 'special') return kind;
  throw new UserError(
    'image.not-packable',
    `${path}: expected a file, folder or symlink, got a device, socket or pipe`,
  );
}
