import { open } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import { runChecked } from '../ports/run-checked.ts';
import { type Entry, kindOf } from './entry.ts';
import type { ImageContext } from './format.ts';

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

export async function extractErofs(image: string, folder: string, ctx: ImageContext): Promise<void> {
  await runChecked(ctx.exec, 'fsck.erofs', [`--extract=${folder}`, '--overwrite', '--preserve-perms', image]);
}

/** Reads inodes and folders itself: no program of erofs-utils prints owners of a whole tree. */
export async function listErofs(image: string): Promise<Entry[]> {
  await using file = await open(image);
  const read: Read = async (at, length) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
    if (bytesRead < length)
      throw new UserError(`${image}: expected ${length} bytes at ${at}, got ${bytesRead}`);
    return buffer;
  };
  const header = await read(superblockAt, 128);
  const disk = {
    read,
    blockSize: 2 ** header.readUInt8(12),
    inodesAt: header.readUInt32LE(40) * 2 ** header.readUInt8(12),
  };
  const entries: Entry[] = [];
  await visit(disk, BigInt(header.readUInt16LE(14)), '/', new Set(), entries);
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

async function visit(
  disk: Disk,
  nid: bigint,
  path: string,
  above: ReadonlySet<bigint>,
  into: Entry[],
): Promise<void> {
  if (above.has(nid)) throw new UserError(`erofs image: folder ${path} holds itself`);
  const { layout: dataLayout, block, tailAt, ...entry } = await readInode(disk, nid);
  into.push({ path, ...entry });
  if (entry.kind !== 'directory') return;
  const content = await readFolder(disk, { layout: dataLayout, block, tailAt, ...entry }, path);
  for (let at = 0; at < content.length; at += disk.blockSize) {
    for (const child of parseBlock(content.subarray(at, at + disk.blockSize))) {
      const below = path === '/' ? `/${child.name}` : `${path}/${child.name}`;
      await visit(disk, child.nid, below, new Set([...above, nid]), into);
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
function parseBlock(block: Buffer): { readonly nid: bigint; readonly name: string }[] {
  const count = block.readUInt16LE(8) / direntSize;
  return Array.from({ length: count }, (_, index) => {
    const at = index * direntSize;
    const end = index + 1 < count ? block.readUInt16LE(at + direntSize + 8) : block.length;
    const name = block.toString('utf8', block.readUInt16LE(at + 8), end).replace(/\0.*$/s, '');
    return { nid: block.readBigUInt64LE(at), name };
  }).filter(({ name }) => name !== '.' && name !== '..');
}
