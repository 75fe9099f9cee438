import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { absent } from '../../lifetime/file-errors.ts';
import { globalTag, manifestName } from '../../names/manifest-name.ts';
import { folderOf, isPlain } from './layout.ts';
import { claimOf } from './proof.ts';
import { readRecord, recordedTags, removeRecord } from './record.ts';
import type { StoreFolder } from './store-folder.ts';

/** Releases and indexes there are: what the store has a record of, and what says so itself. */
export async function tagsIn({ root }: StoreFolder, prefix: string): Promise<ReadonlySet<string>> {
  const recorded = new Set(await recordedTags(root));
  const entries = await readdir(root, { withFileTypes: true }).catch(absent);
  const found = (entries ?? []).map(async (entry) => {
    const { name } = entry;
    if (!entry.isDirectory()) return entry.isFile() && name === manifestName ? globalTag : undefined;
    if (!isPlain(name) || !name.startsWith(prefix)) return undefined;
    return recorded.has(name) || (await claimOf(root, name)) !== undefined ? name : undefined;
  });
  const tags = (await Promise.all(found)).filter((tag) => tag !== undefined);
  return new Set(tags.filter((tag) => tag.startsWith(prefix)));
}

/** Takes note of releases whose folder somebody removed, aloud. The lock must be held. */
export async function forgetVanished({ root, name, report }: StoreFolder): Promise<void> {
  for (const tag of await recordedTags(root)) {
    if (tag === globalTag || (await lstat(folderOf(root, tag)).catch(absent)) !== undefined) continue;
    if ((await readRecord(root, tag))?.kind === 'release') {
      report.warn(`${join(name, tag)}: was published but is gone; the index no longer lists it`);
    }
    await removeRecord(root, tag);
  }
}
