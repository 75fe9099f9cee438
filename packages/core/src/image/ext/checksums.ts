import { extentsInBlock } from './block-map.ts';
import { crc32c, crc32cOfNumber } from './crc32c.ts';
import { tailSize } from './folder-blocks.ts';
import { blockSize } from './layout.ts';
import type { Flavour } from './superblock-bytes.ts';

/** Puts checksums into what is about to be written; a flavour without them leaves everything as it is. */
export interface Checksums {
  inode(inode: number, bytes: Buffer): Buffer;
  folder(inode: number, block: Buffer): Buffer;
  extents(inode: number, block: Buffer): Buffer;
  descriptor(group: number, bytes: Buffer): Buffer;
  bitmap(bytes: Uint8Array): number;
}

const extentsTail = 12 + 12 * extentsInBlock; // where the checksum of a block of extents stands

export function checksumsFor({ hasChecksums }: Flavour, uuid: Buffer): Checksums {
  if (!hasChecksums) {
    return { inode: same, folder: same, extents: same, descriptor: same, bitmap: () => 0 };
  }
  const seed = crc32c(0xffffffff, uuid);
  // Of an inode and its generation, which is 0.
  const seedOf = (inode: number): number => crc32cOfNumber(crc32cOfNumber(seed, inode), 0);
  return {
    inode(inode, bytes) {
      const sum = crc32c(seedOf(inode), bytes);
      bytes.writeUInt16LE(sum & 0xffff, 124);
      bytes.writeUInt16LE(sum >>> 16, 130);
      return bytes;
    },
    folder(inode, block) {
      const end = blockSize - tailSize;
      block.writeUInt32LE(crc32c(seedOf(inode), block.subarray(0, end)), end + 8);
      return block;
    },
    extents(inode, block) {
      block.writeUInt32LE(crc32c(seedOf(inode), block.subarray(0, extentsTail)), extentsTail);
      return block;
    },
    descriptor(group, bytes) {
      bytes.writeUInt16LE(crc32c(crc32cOfNumber(seed, group), bytes) & 0xffff, 30);
      return bytes;
    },
    bitmap: (bytes) => crc32c(seed, bytes),
  };
}

function same(_: number, bytes: Buffer): Buffer {
  return bytes;
}
