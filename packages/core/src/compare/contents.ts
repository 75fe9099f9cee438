import { readFile, stat } from 'node:fs/promises';
import pLimit from 'p-limit';
import { UserError } from '../diagnostics/user-error.ts';
import { hashFile } from '../fetch/hash-file.ts';
import { detectFormat } from '../image/detect-format.ts';
import type { Entry } from '../image/entry.ts';
import { formats, type ImageFormat } from '../image/formats.ts';
import { openRoom, type RoomContext } from '../image/room.ts';
import { unpackImage } from '../image/unpack-image.ts';
import { type TreeEntry, walkTree } from '../image/walk-tree.ts';
import { elfNeeds } from './elf-needs.ts';

/** One path of an image, with all that may differ. */
export interface Content extends Entry {
  /** Of a file. */
  readonly sha256?: string;
  /** Of a symlink. */
  readonly target?: string;
  /** Libraries that an ELF file asks for. */
  readonly needs?: readonly string[];
  /** Of a unit file. */
  readonly text?: string;
}

/** What is in an image, and the image itself. */
export interface Contents {
  readonly format: ImageFormat;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  /** By path, the root left out. */
  readonly entries: ReadonlyMap<string, Content>;
}

const readAtOnce = 4; // files; disks and processors have no more to give
const unitFolder = /^\/usr\/lib\/systemd\/(system|user)\/./;
const mostUnit = 64 * 1024; // bytes; a larger unit is compared by its hash alone

/** Reads a whole image without mounting it. */
export async function contentsOf(image: string, context: RoomContext): Promise<Contents> {
  const format = await detectFormat(image);
  const [{ size }, sha256] = await Promise.all([stat(image), hashFile(image)]);
  await using room = await openRoom(image, context);
  const { entries, isUnpacked } = await unpackImage(formats[format], room);
  if (!isUnpacked)
    throw new UserError(
      'image.damaged',
      `${image}: expected files, folders and links, got a device or a pipe`,
    );
  const listed = new Map(entries.map((entry) => [entry.path, entry]));
  const limit = pLimit(readAtOnce);
  const found = await Promise.all(
    (await walkTree(room.folder)).map((entry) => limit(() => contentOf(entry, listed.get(entry.path)))),
  );
  const known = found.flatMap((content) => (content === undefined || content.path === '/' ? [] : [content]));
  return { format, size, sha256, entries: new Map(known.map((content) => [content.path, content])) };
}

/** Modes and owners are those of the list: here they were changed, so that everything can be read and removed. */
async function contentOf(
  { source, target }: TreeEntry,
  listed: Entry | undefined,
): Promise<Content | undefined> {
  if (listed === undefined) return undefined;
  const { path, kind, mode, uid, gid, size } = listed;
  const entry = { path, kind, mode, uid, gid, size: kind === 'directory' ? 0 : size };
  if (kind === 'symlink') return { ...entry, ...(target === undefined ? {} : { target }) };
  if (kind !== 'file') return entry;
  const [sha256, needs] = await Promise.all([hashFile(source), elfNeeds(source)]);
  return {
    ...entry,
    sha256,
    ...(needs === undefined ? {} : { needs }),
    ...(unitFolder.test(path) && size <= mostUnit ? { text: await readFile(source, 'utf8') } : {}),
  };
}
