import { randomUUID } from 'node:crypto';
import { copyFile, link, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { own } from '../../language/own.ts';
import { absent } from '../../lifetime/file-errors.ts';
import { makeFolder } from '../../lifetime/make-folder.ts';
import { removeAbandoned } from '../../lifetime/owned-folder.ts';
import { writeWhole } from '../../lifetime/write-file-atomically.ts';
import { catalogueName } from '../../names/catalogue-name.ts';
import type { MetadataAsset, MetadataRelease } from '../store.ts';
import { knownIndex } from './known-index.ts';
import { folderOf, isManifest, isTemporary, temporaryIn, workFolder } from './layout.ts';
import type { Seen } from './look.ts';
import { type Changes, type Write, planChanges, sourceOf } from './plan-changes.ts';
import { makeReadableFolder } from './readable-folder.ts';
import { type TagRecord, recordOf, writeRecord } from './record.ts';
import type { StoreFolder } from './store-folder.ts';
import { forgetVanished } from './tags.ts';

/** Makes the files of an index exactly those of the plan. The lock must be held. */
export async function replace(
  store: StoreFolder,
  tag: string,
  plan: () => Promise<MetadataRelease | undefined>,
): Promise<'written' | 'unchanged'> {
  const { root } = store;
  await removeTemporaries(root);
  await removeAbandoned(join(root, workFolder));
  await forgetVanished(store);
  const wanted = await plan();
  if (wanted === undefined) return 'unchanged';
  const known = await knownIndex(store, tag);
  const changes = await planChanges(store, tag, wanted.assets, known);
  const isChanged = changes.write.length > 0 || changes.remove.length > 0;
  if (isChanged) {
    await writeRecord(root, tag, duringChanges(known, changes));
    await carryOut(store, tag, changes);
  }
  const after = await recordNow(store, tag, wanted.assets, changes.kept);
  if (isChanged || JSON.stringify(after) !== JSON.stringify(known)) await writeRecord(root, tag, after);
  return isChanged ? 'written' : 'unchanged';
}

async function carryOut(store: StoreFolder, tag: string, { write, remove }: Changes): Promise<void> {
  const folder = folderOf(store.root, tag);
  await makeReadableFolder(folder);
  const pair: Ready[] = [];
  const afterwards: Ready[] = [];
  for (const change of write) {
    const ready = await prepare(store, folder, tag, change);
    if (isManifest(change.asset.name)) pair.push(ready);
    else if (change.asset.name === catalogueName) afterwards.push(ready);
    else await show(ready);
  }
  // A host that looks between these finds a manifest with the signature of another, so nothing stands between.
  for (const ready of [...pair, ...afterwards]) await show(ready);
  for (const name of remove) await rm(join(folder, name), { force: true });
}

interface Ready {
  readonly temporary: string;
  readonly path: string;
}

/** Has a file ready under another name; what a killed run leaves of it the next one removes. */
async function prepare(
  store: StoreFolder,
  folder: string,
  tag: string,
  { asset, isForeign }: Write,
): Promise<Ready> {
  const path = join(folder, asset.name);
  if (isForeign) await keepAside(store, path, `${tag}-${asset.name}`);
  const temporary = temporaryIn(store.root);
  if ('text' in asset) await writeWhole(path, temporary, asset.text);
  else await linkOrCopy(sourceOf(store.root, asset.from), temporary);
  return { temporary, path };
}

function show({ temporary, path }: Ready): Promise<void> {
  return rename(temporary, path);
}

/** Nothing that others wrote is lost, even where they wrote over a file of ours. */
async function keepAside({ root, report }: StoreFolder, path: string, name: string): Promise<void> {
  const folder = join(root, workFolder, 'aside');
  const aside = join(folder, `${name}-${randomUUID()}`);
  await makeFolder(folder);
  await linkOrCopy(path, aside);
  report.warn(`${path}: was changed by someone else; rewritten, and their version is kept as ${aside}`);
}

/** FAT and some network disks have no links. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}

/** All that may stand under a name until the last change is made. */
function duringChanges(known: TagRecord, { write, kept }: Changes): TagRecord {
  const files = { ...known.files };
  for (const [name, seen] of kept) files[name] = { sha256: [seen.sha256], seen };
  for (const { asset, sha256 } of write) {
    const before = own(files, asset.name);
    files[asset.name] = { ...before, sha256: [...new Set([...(before?.sha256 ?? []), sha256])] };
  }
  return { ...known, files };
}

async function recordNow(
  { root, look }: StoreFolder,
  tag: string,
  wanted: readonly MetadataAsset[],
  kept: ReadonlyMap<string, Seen>,
): Promise<TagRecord> {
  const files = new Map<string, Seen>();
  for (const { name } of wanted.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const found = kept.get(name) ?? (await look(join(folderOf(root, tag), name)));
    if (typeof found === 'object') files.set(name, found);
  }
  return recordOf('index', files);
}

/** Only the holder of the lock makes these, so those that are there belong to nobody. */
async function removeTemporaries(root: string): Promise<void> {
  const entries = await readdir(join(root, workFolder), { withFileTypes: true }).catch(absent);
  const temporary = (entries ?? []).filter((entry) => entry.isFile() && isTemporary(entry.name));
  for (const { name } of temporary) await rm(join(root, workFolder, name), { force: true });
}
