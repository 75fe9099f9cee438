import { join } from 'node:path';
import { UserError } from '../../diagnostics/user-error.ts';
import { hashOf } from '../../fetch/hashing.ts';
import { own } from '../../language/own.ts';
import { globalTag } from '../../names/manifest-name.ts';
import type { MetadataAsset } from '../store.ts';
import { folderOf, isManifest, plainName } from './layout.ts';
import type { Found, Seen } from './look.ts';
import type { FileRecord, TagRecord } from './record.ts';
import { shown } from './require-own-folder.ts';
import type { StoreFolder } from './store-folder.ts';

/** What has to be done to the files of an index. */
export interface Changes {
  readonly write: readonly Write[];
  /** Files of ours that the plan no longer names and nobody changed. */
  readonly remove: readonly string[];
  /** Files that are as they should be. */
  readonly kept: ReadonlyMap<string, Seen>;
}

export interface Write {
  readonly asset: MetadataAsset;
  readonly sha256: string;
  /** Somebody else's bytes under a name of ours: they are kept elsewhere. */
  readonly isForeign: boolean;
}

/** UserError when files of others have names that are to be written; nothing is done then. */
export async function planChanges(
  store: StoreFolder,
  tag: string,
  wanted: readonly MetadataAsset[],
  known: TagRecord,
): Promise<Changes> {
  const folder = folderOf(store.root, tag);
  const write: Write[] = [];
  const kept = new Map<string, Seen>();
  const taken: string[] = [];
  for (const asset of wanted.toSorted((a, b) => Number(isManifest(a.name)) - Number(isManifest(b.name)))) {
    const record = own(known.files, plainName(asset.name));
    const found = await store.look(join(folder, asset.name), record?.seen);
    const sha256 = await hashOfAsset(store, asset);
    if (typeof found === 'object' && found.sha256 === sha256) kept.set(asset.name, found);
    else if (found === 'other' || (found !== 'nothing' && record === undefined)) taken.push(asset.name);
    else write.push({ asset, sha256, isForeign: found !== 'nothing' && !isOurs(found, record) });
  }
  if (taken.length > 0) {
    const where = tag === globalTag ? store.name : join(store.name, tag);
    throw new UserError(
      'store.taken',
      `${where}: expected no files of others that are to be written, found ${shown(taken)}`,
      {
        hint: 'the bakery did not write them: move them away or remove them, then run again',
      },
    );
  }
  const names = new Set(wanted.map(({ name }) => name));
  return { write, kept, remove: await removable(store, folder, names, known) };
}

export function sourceOf(root: string, from: Extract<MetadataAsset, { from: unknown }>['from']): string {
  return join(folderOf(root, from.tag), plainName(from.asset.name));
}

async function hashOfAsset(store: StoreFolder, asset: MetadataAsset): Promise<string> {
  if ('text' in asset) return hashOf(asset.text);
  if (asset.from.asset.sha256 !== undefined) return asset.from.asset.sha256;
  const path = sourceOf(store.root, asset.from);
  const found = await store.look(path);
  if (typeof found === 'object') return found.sha256;
  throw new UserError('store.damaged', `${path}: expected an image for the index, found none`);
}

async function removable(
  { look, report }: StoreFolder,
  folder: string,
  wanted: ReadonlySet<string>,
  { files }: TagRecord,
): Promise<readonly string[]> {
  const old: string[] = [];
  for (const [name, record] of Object.entries(files)) {
    if (wanted.has(name)) continue;
    const found = await look(join(folder, name), record.seen);
    if (isOurs(found, record)) old.push(name);
    else if (found !== 'nothing')
      report.warn(`${join(folder, name)}: was changed by someone else, so it is kept`);
  }
  return old;
}

function isOurs(found: Found, record: FileRecord | undefined): boolean {
  return typeof found === 'object' && record?.sha256.includes(found.sha256) === true;
}
