import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../diagnostics/user-error.ts';
import { absent } from '../../lifetime/file-errors.ts';
import { whatStandsAt } from '../../lifetime/named-file.ts';
import { workFolder } from './layout.ts';
import { claimOf } from './proof.ts';
import { recordFolder } from './record.ts';
import type { StoreFolder } from './store-folder.ts';

/**
 * A store begins in an empty folder, or goes on where one was. Elsewhere it could not tell what it may replace,
 * so a folder with files of others that are called like its own is refused before anything is done.
 */
export async function requireOwnFolder({ root, name }: StoreFolder): Promise<void> {
  await requireFolder({ root, name });
  await requireRealFolder(join(root, workFolder), `${name}/${workFolder}`);
  if (await isThere(recordFolder(root))) return;
  const entries = await readdir(root, { withFileTypes: true }).catch(absent);
  const visible = (entries ?? []).filter(
    (entry) => !entry.name.startsWith('.') && entry.name !== 'lost+found',
  );
  const strange = visible.filter(
    (entry) => !entry.isFile() || /\.(raw|conf|transfer)$|^SHA256SUMS/.test(entry.name),
  );
  if (strange.length === 0) return;
  for (const entry of visible) {
    if (entry.isDirectory() && (await claimOf(root, entry.name)) !== undefined) return; // of a bakery without records
  }
  const names = strange.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).toSorted();
  throw new UserError(
    'store.taken',
    `${name}: expected an empty folder, or one that holds a store, found ${shown(names)}`,
    {
      hint: 'a store writes files and folders of such names: give it a folder of its own, or move yours away first',
    },
  );
}

/** To read as from an empty store what is no folder would hide a mistake. */
export async function requireFolder({ root, name }: Pick<StoreFolder, 'root' | 'name'>): Promise<void> {
  const found = await whatStandsAt(root);
  if (found === 'a folder' || found === 'none') return;
  throw new UserError('store.taken', `${name}: expected a folder, found ${found}`, {
    hint: 'give the store a folder of its own',
  });
}

async function requireRealFolder(path: string, name: string): Promise<void> {
  const stats = await lstat(path).catch(absent);
  if (stats === undefined || stats.isDirectory()) return;
  const got = stats.isSymbolicLink() ? 'a symlink' : 'a file';
  throw new UserError(
    'store.taken',
    `${name}: expected a folder for the records of the store, found ${got}`,
    {
      hint: 'move it away, or give the store another folder',
    },
  );
}

const namesAtMost = 5; // enough to know which folder it is

/** The first of `names`, and how many more there are. */
export function shown(names: readonly string[]): string {
  const more = names.length - namesAtMost;
  return names.slice(0, namesAtMost).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(absent)) !== undefined;
}
