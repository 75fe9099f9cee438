import { randomUUID } from 'node:crypto';
import { copyFile, link, lstat, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { hashFile } from '../fetch/hash-file.ts';
import { isMissing, isTaken } from '../lifetime/file-errors.ts';
import { lock } from '../lifetime/lock.ts';
import { ownedFolder, removeAbandoned } from '../lifetime/owned-folder.ts';
import { writeFileAtomically } from '../lifetime/write-file-atomically.ts';
import { globalTag, manifestName } from '../names/manifest-name.ts';
import { parseManifest } from '../sysupdate/manifest.ts';
import type { Asset, MetadataAsset, MetadataRelease, NewRelease, Release, Store } from './store.ts';

/** Where half-written things lie; hidden, so that no listing takes it for a release. */
const workFolder = '.bakery';

/** Files a metadata release may own; anything else in the folder is the user's and stays. */
const ours = /\.(raw|conf|transfer)$|^SHA256SUMS/;

/**
 * A folder any static file server can serve: one folder a release, one an extension, and in the root, flat,
 * everything the global index names. Images are hard links of one file, so nothing is stored twice.
 * `servedAt` is the URL hosts will see the folder under.
 */
export function directoryStore(root: string, servedAt: string, name = `dir:${root}`): Store {
  const writing = pLimit(1); // the lock is for other processes: waiting for it is asking again and again
  return {
    name,
    imagesBesideIndex: 'all',
    indexUrl: (extension) => `${servedAt.replace(/\/$/, '')}/${extension}/`,
    publishedTags: async (prefix = '') =>
      new Set([...(await publishedTags(root))].filter((tag) => tag.startsWith(prefix))),
    releases: async (tags) => {
      const found = await Promise.all(tags.map((tag) => readRelease(root, tag)));
      return found.filter((release) => release !== undefined);
    },
    read: (tag, asset) => readText(join(folderOf(root, tag), plainName(asset))),
    publish: (release) => publish(root, release),
    replace: (tag, plan) => writing(() => replace(root, tag, plan)),
  };
}

async function publishedTags(root: string): Promise<ReadonlySet<string>> {
  const entries = await listFolder(root);
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const isGlobal = entries.some((entry) => entry.isFile() && entry.name === manifestName);
  return new Set([...folders.map((folder) => folder.name), ...(isGlobal ? [globalTag] : [])]);
}

async function readRelease(root: string, tag: string): Promise<Release | undefined> {
  const folder = folderOf(root, tag);
  const entries = await listFolder(folder);
  if (entries.length === 0) return undefined;
  const manifest = await readText(join(folder, manifestName));
  const listed = manifest === undefined ? [] : parseManifest(manifest, `${tag}/${manifestName}`);
  const known = new Map(listed.map((entry) => [entry.name, entry.sha256]));
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
  const assets = files.map(async (file): Promise<Asset> => {
    const path = join(folder, file.name);
    const { size } = await stat(path);
    return { name: file.name, size, sha256: known.get(file.name) ?? (await hashFile(path)) };
  });
  return { tag, assets: await Promise.all(assets) };
}

async function publish(root: string, release: NewRelease): Promise<'published' | 'exists'> {
  const target = folderOf(root, release.tag);
  if (await exists(target)) return 'exists';
  await removeAbandoned(join(root, workFolder));
  await using staging = await ownedFolder(join(root, workFolder));
  try {
    for (const file of release.files) {
      const copy = join(staging.path, plainName(file.name));
      await copyFile(file.path, copy);
      await using handle = await open(copy, 'r+');
      await handle.chmod(0o644);
      await handle.sync();
    }
    await rename(staging.path, target);
    return 'published';
  } catch (error) {
    if (isTaken(error)) return 'exists'; // Another run was faster; a published version stays as it is.
    throw error;
  }
}

async function replace(
  root: string,
  tag: string,
  plan: () => Promise<MetadataRelease | undefined>,
): Promise<'written' | 'unchanged'> {
  await using _held = await lock(join(root, workFolder, 'lock'));
  await removeTemporaries(root);
  await removeAbandoned(join(root, workFolder));
  const wanted = await plan();
  if (wanted === undefined) return 'unchanged';
  const folder = folderOf(root, tag);
  await mkdir(folder, { recursive: true });
  const inOrder = wanted.assets.toSorted((a, b) => Number(isManifest(a.name)) - Number(isManifest(b.name)));
  let changed = false;
  for (const asset of inOrder) {
    const put = 'text' in asset ? putText(root, folder, asset) : putLink(root, folder, asset);
    changed = (await put) || changed;
  }
  const names = new Set(wanted.assets.map((asset) => asset.name));
  for (const entry of await listFolder(folder)) {
    if (!entry.isFile() || names.has(entry.name) || !ours.test(entry.name)) continue;
    await rm(join(folder, entry.name), { force: true });
    changed = true;
  }
  return changed ? 'written' : 'unchanged';
}

async function putText(
  root: string,
  folder: string,
  asset: MetadataAsset & { text: string },
): Promise<boolean> {
  const path = join(folder, plainName(asset.name));
  if ((await readText(path)) === asset.text) return false;
  await writeFileAtomically(path, temporaryIn(root), asset.text);
  return true;
}

async function putLink(
  root: string,
  folder: string,
  asset: Extract<MetadataAsset, { from: unknown }>,
): Promise<boolean> {
  const source = join(folderOf(root, asset.from.tag), plainName(asset.from.asset.name));
  const path = join(folder, plainName(asset.name));
  const [from, to] = await Promise.all([lstat(source), lstat(path).catch(() => undefined)]);
  if (to !== undefined && to.ino === from.ino && to.dev === from.dev) return false;
  if (to?.size === from.size && (await hashFile(path)) === asset.from.asset.sha256) return false;
  const temporary = temporaryIn(root);
  await link(source, temporary).catch(() => copyFile(source, temporary)); // FAT and some network disks have no links.
  await rename(temporary, path);
  return true;
}

const temporaryPrefix = 'new-';

function temporaryIn(root: string): string {
  return join(root, workFolder, `${temporaryPrefix}${randomUUID()}`);
}

/** Only the holder of the lock makes these, so those that are there belong to nobody. */
async function removeTemporaries(root: string): Promise<void> {
  for (const { name } of await listFolder(join(root, workFolder))) {
    if (name.startsWith(temporaryPrefix)) await rm(join(root, workFolder, name), { force: true });
  }
}

function isManifest(name: string): boolean {
  return name.startsWith(manifestName);
}

function folderOf(root: string, tag: string): string {
  return tag === globalTag ? root : join(root, plainName(tag));
}

/** Tags and asset names become file names; anything that could lead elsewhere is a bug of the caller. */
function plainName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._+@-]*$/.test(name)) return name;
  throw new Error(`not a plain file name: ${JSON.stringify(name)}`);
}

async function listFolder(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
