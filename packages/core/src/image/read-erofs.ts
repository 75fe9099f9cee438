import { open } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import { childPath, entryGuard, type EntryGuard } from './entry-guard.ts';
import { type Entry, kindOf } from './entry.ts';
import type { Room } from './room.ts';

// Layout: docs.kernel.org/filesystems/erofs.html, chapter "On-disk details".
const superblockAt = 1024;
const magic = 0xe0f5e1e2;
const direntSize = 12;
/** Data layouts of an inode; folders are never compressed. */
const layout = { plain: 0, inline: 2 };
const maxFolder = 64 * 1024 * 1024; // bytes; a larger one is damage, not a folder

/** Bytes the image claims to have, or `undefined` when it is no erofs. */
export function erofsSize(head: Buffer): number | undefined {
  if (head.length < superblockAt + 128 || head.readUInt32LE(superblockAt) !== magic) return undefined;
  return head.readUInt32LE(superblockAt + 36) * 2 ** head.readUInt8(superblockAt + 12);
}

export async function extractErofs({ names, run }: Room, bytes: number): Promise<void> {
  await run(
    'fsck.erofs',
    [`--extract=${names.folder}`, '--overwrite', '--no-preserve-owner', names.image],
    bytes,
  );
}

/** Reads inodes and folders itself: no program of erofs-utils prints owners of a whole tree. */
export async function listErofs({ image }: Room): Promise<Entry[]> {
  await using file = await open(image);
  const read: Read = async (at, length) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
    if (bytesRead < length)
      throw new UserError('image.damaged', `expected ${length} bytes at ${at}, got ${bytesRead}`);
    return buffer;
  };
  const header = await read(superblockAt, 128);
  const logBlockSize = header.readUInt8(12);
  if (logBlockSize < 9 || logBlockSize > 16) {
    throw new UserError('image.damaged', `expected blocks of 512 bytes to 64 KiB, got 2^${logBlockSize}`);
  }
  const disk = {
    read,
    blockSize: 2 ** logBlockSize,
    inodesAt: header.readUInt32LE(40) * 2 ** logBlockSize,
  };
  const entries: Entry[] = [];
  await visit(
    { ...disk, guard: entryGuard(), folders: new Set(), into: entries },
    BigInt(header.readUInt16LE(14)),
    '/',
  );
  return entries;
}

type Read = (at: number, length: number) => Promise<Buffer>;

interface Disk {
  readonly read: Read;
  /** Bytes. */
  readonly blockSize: number;
  /** Where inode 0 would be, in bytes. */
  readonly inodesAt: number;
}

interface Inode extends Omit<Entry, 'path'> {
  readonly layout: number;
  readonly block: number;
  /** Where data packed behind the inode begins, in bytes. */
  readonly tailAt: number;
}

interface Walk extends Disk {
  readonly guard: EntryGuard;
  /** Those seen so far. */
  readonly folders: Set<bigint>;
  readonly into: Entry[];
}

async function visit(walk: Walk, nid: bigint, path: string): Promise<void> {
  const inode = await readInode(walk, nid);
  const { kind, mode, uid, gid, size } = inode;
  const entry = { path, kind, mode, uid, gid, size };
  walk.guard.admit(entry);
  walk.into.push(entry);
  if (kind !== 'directory') return;
  if (walk.folders.has(nid))
    throw new UserError('image.damaged', `${path}: expected each folder once, got it again`);
  walk.folders.add(nid);
  const content = await readFolder(walk, inode, path);
  for (let at = 0; at < content.length; at += walk.blockSize) {
    for (const child of parseBlock(content.subarray(at, at + walk.blockSize), path)) {
      await visit(walk, child.nid, childPath(path, child.name));
    }
  }
}

async function readInode(disk: Disk, nid: bigint): Promise<Inode> {
  const at = disk.inodesAt + Number(nid) * 32;
  const bytes = await disk.read(at, 32);
  const format = bytes.readUInt16LE(0);
  const isExtended = (format & 1) === 1;
  const more = isExtended ? await disk.read(at + 32, 32) : bytes;
  const xattrs = bytes.readUInt16LE(2);
  const mode = bytes.readUInt16LE(4);
  return {
    kind: kindOf(mode),
    mode: mode & 0o7777,
    size: isExtended ? Number(bytes.readBigUInt64LE(8)) : bytes.readUInt32LE(8),
    uid: isExtended ? bytes.readUInt32LE(24) : bytes.readUInt16LE(24),
    gid: isExtended ? bytes.readUInt32LE(28) : bytes.readUInt16LE(26),
    layout: (format >> 1) & 7,
    block: bytes.readUInt32LE(16),
    tailAt: at + 32 + (isExtended ? more.length : 0) + (xattrs === 0 ? 0 : 12 + 4 * (xattrs - 1)),
  };
}

async function readFolder(disk: Disk, inode: Inode, path: string): Promise<Buffer> {
  if (inode.size > maxFolder || (inode.layout !== layout.plain && inode.layout !== layout.inline)) {
    throw new UserError(
      'image.damaged',
      `erofs image: folder ${path} is damaged: ${inode.size} bytes in layout ${inode.layout}`,
    );
  }
  const tail = inode.layout === layout.inline ? inode.size % disk.blockSize : 0;
  const whole = inode.size - tail;
  return Buffer.concat([
    ...(whole > 0 ? [await disk.read(inode.block * disk.blockSize, whole)] : []),
    ...(tail > 0 ? [await disk.read(inode.tailAt, tail)] : []),
  ]);
}

/** Names in one block of a folder, without "." and "..". */
function parseBlock(block: Buffer, path: string): { readonly nid: bigint; readonly name: Buffer }[] {
  const count = block.length < direntSize ? 0 : block.readUInt16LE(8) / direntSize;
  if (!Number.isInteger(count) || count < 1 || count * direntSize > block.length) {
    throw new UserError('image.damaged', `${path}: expected a list of names, got one of ${count}`);
  }
  return Array.from({ length: count }, (_, index) => {
    const at = index * direntSize;
    const start = block.readUInt16LE(at + 8);
    const isLast = index + 1 === count;
    const name = block.subarray(start, isLast ? block.length : block.readUInt16LE(at + direntSize + 8));
    // Only the last may end before its room does.
    const end = isLast ? name.indexOf(0) : -1;
    return { nid: block.readBigUInt64LE(at), name: end === -1 ? name : name.subarray(0, end) };
  }).filter(({ name }) => !isDots(name));
}

function isDots(name: Buffer): boolean {
  return name.equals(Buffer.from('.')) || name.equals(Buffer.from('..'));
}
