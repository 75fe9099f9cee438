import { lstat, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { absent } from '../../lifetime/file-errors.ts';
import { writeFileAtomically } from '../../lifetime/write-file-atomically.ts';
import { folderOf, temporaryIn } from './layout.ts';
import type { StoreFolder } from './store-folder.ts';

const file = 'WITHDRAWN.md';

/** A file in the folder of the release says why; it is no asset of it. */
export async function mark(store: StoreFolder, tag: string, withdrawn: string | undefined): Promise<void> {
  const { root } = store;
  const folder = folderOf(root, tag);
  const path = join(folder, file);
  const text = withdrawn === undefined ? undefined : `Withdrawn: ${withdrawn}\n`;
  const isAsWanted = async (): Promise<boolean> => (await readFile(path, 'utf8').catch(absent)) === text;
  if (await isAsWanted()) return;
  await store.locked(async () => {
    if ((await isAsWanted()) || (await lstat(folder).catch(absent))?.isDirectory() !== true) return;
    if (text === undefined) await rm(path);
    else await writeFileAtomically(path, temporaryIn(root), text);
  });
}
