import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { findInRoot } from '../lifetime/find-inside.ts';
import { linkStart, resolvePath } from '../stage/resolve-path.ts';
import type { Tree } from '../stage/tree.ts';

/**
 * Copies a file or a folder with all in it out of a foreign root into the image: special files and bits are
 * left behind, and a link that would leave the image is refused.
 */
export function takeFolder(root: string, from: string, to: string, tree: Tree, by: string): void {
  const found = findInRoot(root, from);
  if (found === undefined)
    throw new UserError('build.root', `${by}: expected ${from} in the root, got nothing`);
  takeEntry(found.at, to.replace(/\/$/, ''), tree, by);
}

function takeEntry(from: string, to: string, tree: Tree, by: string): void {
  const found = lstatSync(from);
  if (found.isDirectory()) {
    tree.folder(to, by);
    for (const name of readdirSync(from).toSorted()) takeEntry(join(from, name), `${to}/${name}`, tree, by);
  } else if (found.isSymbolicLink()) {
    const target = readlinkSync(from);
    const end = resolvePath(linkStart(to, target), () => true);
    if (end.kind === 'outside') {
      throw new UserError(
        'build.root',
        `${by}: expected a link to somewhere in /usr or /opt, got "${target}" at ${to}`,
      );
    }
    tree.symlink(to, target, by);
  } else if (found.isFile()) {
    tree.copy(to, from, takenMode(found.mode), by);
  }
}

/** Readable by all, writable by root, executable when it was. */
export function takenMode(mode: number): number {
  return (mode & 0o111) === 0 ? 0o644 : 0o755;
}
