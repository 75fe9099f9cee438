import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../diagnostics/user-error.ts';
import { absent } from '../../lifetime/file-errors.ts';
import { readPlain } from '../../lifetime/read-plain.ts';
import { allArches } from '../../names/arch.ts';
import { catalogueName } from '../../names/catalogue-name.ts';
import { isPartName, parsePartName, sidecarKinds } from '../../names/file-names.ts';
import { signatureNames } from '../../names/manifest-name.ts';
import { globalTag, manifestName } from '../../names/manifest-name.ts';
import { ringNames } from '../../names/ring-names.ts';
import { type ManifestEntry, parseManifest } from '../../sysupdate/manifest.ts';
import { noopTransfer } from '../../sysupdate/transfer.ts';
import { updexFolder, updexListName } from '../../sysupdate/updex.ts';
import { folderOf, isPlain } from './layout.ts';
import type { Seen } from './look.ts';
import { type TagRecord, recordOf } from './record.ts';
import type { StoreFolder } from './store-folder.ts';

/** What a folder without a record is, by its own SHA256SUMS. */
export interface Proof {
  readonly record: TagRecord;
  /** What its SHA256SUMS names and is not there, or not like that. */
  readonly faults: readonly string[];
}

/** What a folder says it is, by the names in its SHA256SUMS; nothing of it is hashed. */
export async function claimOf(root: string, tag: string): Promise<TagRecord['kind'] | undefined> {
  return kindOf(tag, await readListed(root, tag));
}

/**
 * What in the folder of `tag` a bakery wrote that kept no records, or was put there as a whole release: images
 * with name and hash in SHA256SUMS, and what belongs to such a manifest. `undefined` when nothing proves that.
 */
export async function proofOf({ root, look }: StoreFolder, tag: string): Promise<Proof | undefined> {
  const listed = await readListed(root, tag);
  const kind = kindOf(tag, listed);
  if (kind === undefined) return undefined;
  const folder = folderOf(root, tag);
  const files = new Map<string, Seen>();
  const faults: string[] = [];
  for (const { name, sha256 } of listed) {
    const found = await look(join(folder, name));
    if (typeof found === 'object' && found.sha256 === sha256) files.set(name, found);
    else faults.push(faultOf(join(folder, name), sha256, found));
  }
  if (files.size === 0 && kind === 'index') return undefined;
  for (const name of await companions(folder, tag, listed)) {
    const found = await look(join(folder, name));
    if (typeof found === 'object') files.set(name, found);
  }
  return { record: recordOf(kind, files), faults };
}

export function faultOf(path: string, sha256: string, found: 'nothing' | 'other' | Seen): string {
  const got = { nothing: 'nothing', other: 'no regular file' };
  return `${path}: expected sha256 ${sha256}, got ${typeof found === 'string' ? got[found] : found.sha256}`;
}

async function readListed(root: string, tag: string): Promise<readonly ManifestEntry[]> {
  if (!isPlain(tag) || !(await isRealFolder(folderOf(root, tag), tag))) return [];
  const text = await readText(join(folderOf(root, tag), manifestName));
  if (text === undefined) return [];
  try {
    return parseManifest(text);
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

/** A symlink leads to what is not the store's; only the root may be one, since its user names it. */
async function isRealFolder(path: string, tag: string): Promise<boolean> {
  return tag === globalTag || (await lstat(path).catch(absent))?.isDirectory() === true;
}

function kindOf(tag: string, listed: readonly ManifestEntry[]): TagRecord['kind'] | undefined {
  if (listed.length === 0) return undefined;
  const names = listed.map(({ name }) => name);
  const own = new Set(
    allArches.flatMap((arch) => ['raw', ...sidecarKinds].map((kind) => `${tag}-${arch}.${kind}`)),
  );
  if (names.every((name) => own.has(name))) return 'release';
  const isPart = (name: string): boolean =>
    tag === globalTag ? isPlain(name) && isPartName(name) : parsePartName(name, tag) !== undefined;
  return names.every(isPart) ? 'index' : undefined;
}

const recordEnds = ['inputs.json', 'cdx.json', 'sigstore.json'];

/** Files that go with a manifest of ours and are not listed in it. */
async function companions(
  folder: string,
  tag: string,
  listed: readonly ManifestEntry[],
): Promise<readonly string[]> {
  const found = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      if (name === manifestName || signatureNames.includes(name)) return name;
      if (ringNames.includes(name) || recordEnds.some((end) => name === `${tag}.${end}`)) return name;
      if (tag === globalTag && name === catalogueName)
        return isCatalogue(await readText(join(folder, name))) ? name : undefined;
      if (!/\.(conf|transfer|feature|json)$/.test(name)) return undefined;
      const text = (await readText(join(folder, name))) ?? '';
      return isTransferOf(name, text, listed) || isAdapter(name, text, listed) ? name : undefined;
    }),
  );
  return found.filter((name) => name !== undefined);
}

/** A sysupdate file says which link it keeps; it must be that of the extension it is named after. */
function isTransferOf(file: string, text: string, listed: readonly ManifestEntry[]): boolean {
  if (text === noopTransfer.text) return file.startsWith('noop.');
  const [, name] =
    /^CurrentSymlink=\/etc\/extensions\/([^/\n.]+)\.(?:raw|verity|roothash|roothash\.p7s)$/m.exec(text) ?? [];
  if (name === undefined || !/^Type=url-file$/m.test(text)) return false;
  const isNamed = file.startsWith(`${name}.`) || file.startsWith(`${name}-`);
  return isNamed && listed.some((image) => image.name.startsWith(`${name}-`));
}

/** What is published for other programs says of whom by its name alone. */
function isAdapter(file: string, text: string, listed: readonly ManifestEntry[]): boolean {
  if (file === updexListName) return /^\[\s*(\{\s*"name"|\])/.test(text);
  const [, name, ending] = /^([a-z0-9-]+)\.(feature|updex\.conf)$/.exec(file) ?? [];
  if (name === undefined || !listed.some((image) => image.name.startsWith(`${name}-`))) return false;
  return ending === 'feature' ? text.startsWith('[Feature]\n') : text.includes(`/${updexFolder}/${name}/\n`);
}

function isCatalogue(text = ''): boolean {
  return /^\{\s*"catalogue": *1\b/.test(text);
}

async function readText(path: string): Promise<string | undefined> {
  if ((await lstat(path).catch(absent))?.isFile() !== true) return undefined;
  return (await readPlain(path, { maxBytes: 64 * 1024 ** 2 }))?.toString('utf8');
}
