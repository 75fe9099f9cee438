import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../diagnostics/user-error.ts';
import { absent } from '../../lifetime/file-errors.ts';
import { globalTag } from '../../names/manifest-name.ts';
import { folderOf } from './layout.ts';
import { proofOf } from './proof.ts';
import { type TagRecord, readRecord, recordOf } from './record.ts';
import { shown } from './require-own-folder.ts';
import type { StoreFolder } from './store-folder.ts';

/** What the store wrote for `tag`; without a record, what the folder itself proves. Refuses a folder of others. */
export async function knownIndex(store: StoreFolder, tag: string): Promise<TagRecord> {
  if (tag !== globalTag) await requireRealFolder(store, tag);
  const record = (await readRecord(store.root, tag)) ?? (await proofOf(store, tag))?.record;
  if (record !== undefined) return record;
  const names = tag === globalTag ? [] : await readdir(folderOf(store.root, tag)).catch(absent);
  if (names !== undefined && names.length > 0) throw taken(store, tag, `a folder with ${shown(names)}`);
  return recordOf('index', new Map());
}

/** What a symlink leads to is not the store's. */
async function requireRealFolder(store: StoreFolder, tag: string): Promise<void> {
  const stats = await lstat(folderOf(store.root, tag)).catch(absent);
  if (stats === undefined || stats.isDirectory()) return;
  throw taken(store, tag, stats.isSymbolicLink() ? 'a symlink' : 'no folder');
}

function taken({ name }: StoreFolder, tag: string, got: string): UserError {
  return new UserError(
    'store.taken',
    `${join(name, tag)}: expected nothing there, or the index of ${tag}, found ${got}`,
    {
      hint: 'the bakery did not make it: move it away or remove it, then run again',
    },
  );
}
