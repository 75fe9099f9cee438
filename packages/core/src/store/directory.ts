import { constants, copyFile, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { UserError } from '../diagnostics/user-error.ts';
import { hashFile } from '../fetch/hash-file.ts';
import { absent, inFile } from '../lifetime/file-errors.ts';
import { lock } from '../lifetime/lock.ts';
import { once } from '../lifetime/once.ts';
import { readPlain } from '../lifetime/read-plain.ts';
import { globalTag } from '../names/manifest-name.ts';
import { type Report, silentReport } from '../ports/report.ts';
import { folderOf, plainName, workFolder } from './directory/layout.ts';
import { lookAgain } from './directory/look.ts';
import { mark } from './directory/mark.ts';
import { publish } from './directory/publish.ts';
import { readRelease } from './directory/read-release.ts';
import { makeReadableFolder } from './directory/readable-folder.ts';
import { type TagRecord, readRecord, writeRecord } from './directory/record.ts';
import { removeRelease } from './directory/remove-release.ts';
import { replace } from './directory/replace.ts';
import { requireFolder, requireOwnFolder, shown } from './directory/require-own-folder.ts';
import type { StoreFolder } from './directory/store-folder.ts';
import { tagsIn } from './directory/tags.ts';
import type { Asset, Store } from './store.ts';

export interface DirectoryStoreOptions {
  /** As the user writes it; `dir:ROOT` by default. */
  readonly name?: string;
  /** Told what others did to the files of the store. */
  readonly report?: Pick<Report, 'warn'>;
}

/**
 * A folder any static file server can serve: one folder a release, one an extension, and in the root, flat,
 * everything the global index names. Images are hard links of one file, so nothing is stored twice. It keeps a
 * record of what it wrote, and changes nothing else. `servedAt` is the URL hosts will see the folder under.
 */
export function directoryStore(root: string, servedAt: string, options: DirectoryStoreOptions = {}): Store {
  const store = openFolder(root, options);
  const isChecked = once(() => requireOwnFolder(store));
  const isFolder = once(() => requireFolder(store));
  const seen = new Map<string, TagRecord>();
  return {
    name: store.name,
    imagesBesideIndex: 'all',
    largestFile: undefined,
    indexUrl: (tag) => `${servedAt.replace(/\/$/, '')}/${tag === globalTag ? '' : `${tag}/`}`,
    notesUrl: () => undefined,
    publishedTags: async (prefix = '') => {
      await isChecked();
      return tagsIn(store, prefix);
    },
    releases: async (tags) => {
      await isFolder();
      const found = await Promise.all(tags.map((tag) => readRelease(store, tag)));
      return found.flatMap((read) => {
        if (read === undefined) return [];
        seen.set(read.release.tag, read.record);
        return [read.release];
      });
    },
    hasAny: async (tag, assets) => {
      await isFolder();
      const release = (await readRelease(store, tag))?.release;
      return release?.assets.some(({ name }) => assets.includes(name)) === true;
    },
    // A file has its name only when it is whole.
    isStump: () => Promise.resolve(false),
    read: async (tag, asset) => {
      await isFolder();
      return readText(join(folderOf(root, tag), plainName(asset)));
    },
    hash: (tag, asset) => hashFile(join(folderOf(root, tag), plainName(asset))).catch(absent),
    download: (tag, asset, path) => copyAsset(join(folderOf(root, tag), plainName(asset.name)), asset, path),
    publish: async (release) => {
      await isChecked();
      return publish(store, release);
    },
    mark: async (tag, withdrawn) => {
      await isChecked();
      await mark(store, tag, withdrawn);
    },
    remove: async (tag) => {
      await isChecked();
      const strange = await removeRelease(store, tag);
      if (strange.length > 0)
        throw new UserError(
          'store.taken',
          `${store.name}: release ${tag}: expected only what the bakery wrote, found ${shown(strange)}`,
          { hint: 'move that away: the release is to be removed, as no index names it' },
        );
    },
    replace: async (tag, plan) => {
      await isChecked();
      await makeReadableFolder(root);
      return store.locked(() =>
        replace(store, tag, async () => {
          const wanted = await plan();
          await remember(root, seen);
          return wanted;
        }),
      );
    },
    budget: () => Promise.resolve(undefined),
    obstacles: () => Promise.resolve([]),
  };
}

export function openFolder(
  root: string,
  { name = `dir:${root}`, report = silentReport }: DirectoryStoreOptions,
): StoreFolder {
  const writing = pLimit(1); // the lock is for other processes: waiting for it is asking again and again
  return {
    root,
    name,
    report,
    look: lookAgain(),
    locked: (work) =>
      writing(async () => {
        await using _held = await lock(join(root, workFolder, 'lock'));
        return await work();
      }),
  };
}

/** What was read of releases need not be read again the next time. The lock must be held. */
async function remember(root: string, seen: Map<string, TagRecord>): Promise<void> {
  for (const [tag, record] of seen) {
    if (record.kind !== 'release' || (await lstat(folderOf(root, tag)).catch(absent)) === undefined) continue;
    if (JSON.stringify(await readRecord(root, tag)) !== JSON.stringify(record))
      await writeRecord(root, tag, record);
  }
  seen.clear();
}

async function copyAsset(from: string, { sha256 }: Asset, to: string): Promise<void> {
  await inFile(from, copyFile(from, to, constants.COPYFILE_FICLONE));
  const found = await hashFile(to);
  if (sha256 !== undefined && found !== sha256)
    throw new UserError('store.damaged', `${from}: expected sha256 ${sha256}, got ${found}`);
}

const maxTextBytes = 64 * 1024 ** 2; // as much as a hub may answer

async function readText(path: string): Promise<string | undefined> {
  return (await readPlain(path, { maxBytes: maxTextBytes }))?.toString('utf8');
}
