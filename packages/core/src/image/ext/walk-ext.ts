import { UserError } from '../../diagnostics/user-error.ts';
import { childPath, entryGuard, type EntryGuard } from '../entry-guard.ts';
import { contentRuns, extentsFlag } from './content-runs.ts';
import { rootInode } from './layout.ts';
import type { ExtDisk, ExtInode } from './open-ext.ts';

export interface Found {
  readonly path: string;
  readonly inode: ExtInode;
}

const largestFolder = 64 * 1024 * 1024; // bytes; a larger one is damage, not a folder
const longestTarget = 4095; // bytes, PATH_MAX of Linux without its NUL
const shortTarget = 60; // bytes; from here on a target has a block of its own

/** Everything in a file system, the root first and folders before what is in them. */
export async function* walkExt(disk: ExtDisk): AsyncGenerator<Found> {
  yield* visit(disk, rootInode, '/', new Set(), entryGuard());
}

async function* visit(
  disk: ExtDisk,
  number: number,
  path: string,
  folders: Set<number>,
  guard: EntryGuard,
): AsyncGenerator<Found> {
  const inode = await disk.inode(number);
  const { kind, mode, uid, gid, size } = inode;
  guard.admit({ path, kind, mode, uid, gid, size });
  yield { path, inode };
  if (kind !== 'directory') return;
  if (folders.has(number))
    throw new UserError('image.damaged', `${path}: expected each folder once, got it again`);
  folders.add(number);
  for (const { number: child, name } of await readFolder(disk, inode, path)) {
    yield* visit(disk, child, childPath(path, name), folders, guard);
  }
}

/** Names in a folder, without "." and ".."; pages of an index pass as names nobody uses. */
async function readFolder(
  disk: ExtDisk,
  inode: ExtInode,
  path: string,
): Promise<{ readonly number: number; readonly name: Buffer }[]> {
  const bytes = await readContent(disk, inode, path, largestFolder);
  const names: { number: number; name: Buffer }[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = bytes.readUInt16LE(at + 4);
    const nameLength = bytes.readUInt8(at + 6);
    if (length < 8 || length % 4 !== 0 || at + length > bytes.length || nameLength + 8 > length) {
      throw new UserError(
        'image.damaged',
        `${path}: expected a list of names, got an entry of ${length} bytes at ${at}`,
      );
    }
    const number = bytes.readUInt32LE(at);
    const name = bytes.subarray(at + 8, at + 8 + nameLength);
    if (number !== 0 && !isDots(name)) names.push({ number, name });
    at += length;
  }
  return names;
}

function isDots(name: Buffer): boolean {
  return name.equals(Buffer.from('.')) || name.equals(Buffer.from('..'));
}

export async function readTarget(disk: ExtDisk, inode: ExtInode, path: string): Promise<string> {
  const isShort = inode.size < shortTarget && inode.sectors === 0 && (inode.flags & extentsFlag) === 0;
  const bytes = isShort
    ? inode.map.subarray(0, inode.size)
    : await readContent(disk, inode, path, longestTarget);
  return bytes.toString();
}

async function readContent(disk: ExtDisk, inode: ExtInode, path: string, most: number): Promise<Buffer> {
  if (inode.size > most) {
    throw new UserError(
      'image.damaged',
      `${path}: expected a ${inode.kind} of at most ${most} bytes, got ${inode.size}`,
    );
  }
  const bytes = Buffer.alloc(inode.size);
  for (const { offset, at, length } of await contentRuns(disk, inode)) {
    const from = offset * disk.blockSize;
    const size = Math.min(length * disk.blockSize, bytes.length - from);
    (await disk.read(at * disk.blockSize, size)).copy(bytes, from);
  }
  return bytes;
}
