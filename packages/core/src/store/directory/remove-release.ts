import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { own } from '../../language/own.ts';
import { absent } from '../../lifetime/file-errors.ts';
import { ownedFolder } from '../../lifetime/owned-folder.ts';
import { folderOf, workFolder } from './layout.ts';
import { proofOf } from './proof.ts';
import { readRecord, removeRecord } from './record.ts';
import type { StoreFolder } from './store-folder.ts';

/**
 * Removes a release or an index at once, by a rename. A folder that holds anything the store did not write stays as
 * it is; resolves to the names of those things. One that is not there is no error.
 */
export function removeRelease(store: StoreFolder, tag: string): Promise<readonly string[]> {
  const { root, look } = store;
  return store.locked(async () => {
    const folder = folderOf(root, tag);
    const known = (await readRecord(root, tag)) ?? (await proofOf(store, tag))?.record;
    const strange: string[] = [];
    const names = await readdir(folder).catch(absent);
    if (names === undefined) {
      await removeRecord(root, tag);
      return [];
    }
    for (const name of names) {
      const record = known === undefined ? undefined : own(known.files, name);
      const found = await look(join(folder, name), record?.seen);
      if (typeof found === 'string' || record?.sha256.includes(found.sha256) !== true) strange.push(name);
    }
    if (strange.length > 0) return strange;
    await using away = await ownedFolder(join(root, workFolder));
    await removeRecord(root, tag);
    await rename(folder, join(away.path, tag));
    return [];
  });
}
