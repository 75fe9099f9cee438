import type { Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Entry, kindOf } from './entry.ts';

export interface TreeEntry extends Entry {
  /** Where it lies on this machine. */
  readonly source: string;
  /** Target of a symlink. */
  readonly target?: string;
  /** First path of the same file, when this is another hard link to it. */
  readonly linkTo?: string;
}

/** Everything under `root`, the root first and folders before what is in them; names in one fixed order. */
export async function walkTree(root: string): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  const seen = new Map<string, string>();
  await visit(root, '/', seen, entries);
  return entries;
}

async function visit(
  source: string,
  path: string,
  seen: Map<string, string>,
  into: TreeEntry[],
): Promise<void> {
  const stats = await lstat(source);
  const linkTo = stats.isFile() && stats.nlink > 1 ? firstLink(stats, path, seen) : undefined;
  into.push({
    path,
    source,
    kind: kindOf(stats.mode),
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    size: stats.size,
    ...(stats.isSymbolicLink() && { target: await readlink(source) }),
    ...(linkTo !== undefined && { linkTo }),
  });
  if (!stats.isDirectory()) return;
  // Folders list their names in the order of creation or of a hash, different on each machine.
  for (const name of (await readdir(source)).toSorted()) {
    await visit(join(source, name), path === '/' ? `/${name}` : `${path}/${name}`, seen, into);
  }
}

function firstLink(stats: Stats, path: string, seen: Map<string, string>): string | undefined {
  const inode = `${stats.dev}:${stats.ino}`;
  const first = seen.get(inode);
  if (first === undefined) seen.set(inode, path);
  return first;
}
