import { chmod, copyFile, lstat, open, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../diagnostics/user-error.ts';
import { isTaken } from '../../lifetime/file-errors.ts';
import { absent } from '../../lifetime/file-errors.ts';
import { removeAbandoned } from '../../lifetime/owned-folder.ts';
import { ownedFolder } from '../../lifetime/owned-folder.ts';
import type { NewRelease } from '../store.ts';
import { folderOf, plainName, workFolder } from './layout.ts';
import type { Seen } from './look.ts';
import { claimOf } from './proof.ts';
import { makeReadableFolder, readable } from './readable-folder.ts';
import { readRecord, recordOf, removeRecord, writeRecord } from './record.ts';
import type { StoreFolder } from './store-folder.ts';

/** A release appears with one rename; its record is there before, so that no killed run leaves one unknown. */
export async function publish(store: StoreFolder, release: NewRelease): Promise<'published' | 'exists'> {
  const { root } = store;
  const { tag } = release;
  const target = folderOf(root, tag);
  if (await isPublished(store, tag)) return 'exists';
  await removeAbandoned(join(root, workFolder));
  await makeReadableFolder(root);
  await using staging = await ownedFolder(join(root, workFolder));
  await chmod(staging.path, readable.folder);
  const files = new Map<string, Seen>();
  for (const file of release.files) {
    files.set(plainName(file.name), await copyInto(staging.path, file, store));
  }
  return await store.locked(async () => {
    if (await isPublished(store, tag)) return 'exists'; // Another run was faster; a published version stays as it is.
    await writeRecord(root, tag, recordOf('release', files));
    try {
      await rename(staging.path, target);
      return 'published';
    } catch (error) {
      await removeRecord(root, tag);
      if (isTaken(error)) return 'exists'; // by a bakery that keeps no records and waits for no lock of ours
      throw error;
    }
  });
}

async function copyInto(
  folder: string,
  file: NewRelease['files'][number],
  { look }: StoreFolder,
): Promise<Seen> {
  const copy = join(folder, file.name);
  await copyFile(file.path, copy);
  {
    await using handle = await open(copy, 'r+');
    await handle.chmod(readable.file);
    await handle.sync();
  }
  const found = await look(copy);
  if (typeof found === 'object') return found;
  throw new Error(`${copy}: copied, and not there`);
}

async function isPublished({ root, name }: StoreFolder, tag: string): Promise<boolean> {
  const target = folderOf(root, tag);
  const stats = await lstat(target).catch(absent);
  if (stats === undefined) return false;
  if (stats.isDirectory()) {
    if ((await readRecord(root, tag)) !== undefined || (await claimOf(root, tag)) !== undefined) return true;
    if ((await readdir(target)).length === 0) return false;
  }
  const got = stats.isDirectory() ? 'a folder with files of others' : 'something that is no folder';
  throw new UserError(
    'store.taken',
    `${join(name, tag)}: expected nothing there, or the release ${tag}, found ${got}`,
    {
      hint: 'move it away or remove it, then run again',
    },
  );
}
