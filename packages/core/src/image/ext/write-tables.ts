import type { FileHandle } from 'node:fs/promises';
import type { Allocator } from './allocator.ts';
import type { Checksums } from './checksums.ts';
import { blockSize, blocksPerGroup, descriptorSize, type Group, type Layout } from './layout.ts';
import { type Flavour, superblockBytes } from './superblock-bytes.ts';

export interface Tables {
  readonly file: FileHandle;
  readonly layout: Layout;
  readonly allocator: Allocator;
  readonly checksums: Checksums;
  readonly job: { readonly flavour: Flavour; readonly uuid: Buffer; readonly epoch: number };
  /** Inodes in use; they are the first ones. */
  readonly inodes: number;
  /** Those of them that are folders. */
  readonly folders: readonly number[];
}

const tableIsZeroed = 0x4;

/** Writes what says which blocks and inodes are in use, and the superblock with its copies. */
export async function writeTables(tables: Tables): Promise<void> {
  const { file, layout, checksums, job } = tables;
  const descriptors = Buffer.alloc(layout.descriptorBlocks * blockSize);
  let freeBlocks = 0;
  for (const [index, group] of layout.groups.entries()) {
    const free = group.end - group.first - tables.allocator.usedIn(index);
    freeBlocks += free;
    const descriptor = await writeGroup(tables, index, group, free);
    checksums.descriptor(index, descriptor).copy(descriptors, index * descriptorSize);
  }
  const freeInodes = layout.inodesPerGroup * layout.groups.length - tables.inodes;
  for (const [index, { hasCopy, first }] of layout.groups.entries()) {
    if (!hasCopy) continue;
    const superblock = superblockBytes({ ...job, layout, freeBlocks, freeInodes }, index);
    await file.write(superblock, 0, superblock.length, index === 0 ? 1024 : first * blockSize);
    await file.write(descriptors, 0, descriptors.length, (first + 1) * blockSize);
  }
}

/** Writes the bits of a group; resolves to its descriptor. */
async function writeGroup(
  { file, layout, allocator, checksums, job, inodes, folders }: Tables,
  index: number,
  group: Group,
  freeBlocks: number,
): Promise<Buffer> {
  const { inodesPerGroup } = layout;
  const firstInode = index * inodesPerGroup;
  const usedInodes = Math.max(0, Math.min(inodesPerGroup, inodes - firstInode));
  const blockBits = bitmap(allocator.usedIn(index), group.end - group.first);
  const inodeBits = bitmap(usedInodes, inodesPerGroup);
  await file.write(blockBits, 0, blockSize, group.blockBitmap * blockSize);
  await file.write(inodeBits, 0, blockSize, group.inodeBitmap * blockSize);
  const bytes = Buffer.alloc(descriptorSize);
  bytes.writeUInt32LE(group.blockBitmap, 0);
  bytes.writeUInt32LE(group.inodeBitmap, 4);
  bytes.writeUInt32LE(group.inodeTable, 8);
  bytes.writeUInt16LE(freeBlocks, 12);
  bytes.writeUInt16LE(inodesPerGroup - usedInodes, 14);
  const isHere = (inode: number): boolean => inode > firstInode && inode <= firstInode + inodesPerGroup;
  bytes.writeUInt16LE(folders.filter(isHere).length, 16);
  if (job.flavour.hasChecksums) {
    bytes.writeUInt16LE(tableIsZeroed, 18);
    bytes.writeUInt16LE(checksums.bitmap(blockBits.subarray(0, blocksPerGroup / 8)) & 0xffff, 24);
    bytes.writeUInt16LE(checksums.bitmap(inodeBits.subarray(0, inodesPerGroup / 8)) & 0xffff, 26);
    bytes.writeUInt16LE(inodesPerGroup - usedInodes, 28); // at the end of the table, never used
  }
  return bytes;
}

/** A block of bits: the first `used` are set, and all from `end` on, where nothing is. */
function bitmap(used: number, end: number): Buffer {
  const bits = Buffer.alloc(blockSize);
  const set = (from: number, to: number): void => {
    for (let bit = from; bit < to; bit++) bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7));
  };
  set(0, used);
  set(end, blockSize * 8);
  return bits;
}
