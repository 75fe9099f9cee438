import { crc32c } from './crc32c.ts';
import { blockSize, blocksPerGroup, inodeSize, type Layout, firstFree } from './layout.ts';

/** The two kinds of file system written here. */
export interface Flavour {
  readonly name: 'ext4' | 'ext2';
  /** Bits of features: those others may ignore, must know, and must know to write. */
  readonly compatible: number;
  readonly incompatible: number;
  readonly readOnly: number;
  readonly hasExtents: boolean;
  readonly hasChecksums: boolean;
}

const extAttr = 0x8;
const fileTypes = 0x2;
const extents = 0x40;
const sparseSuper = 0x1;
const largeFiles = 0x2;
const extraIsize = 0x40;
const metadataChecksums = 0x400;

export const flavours: Readonly<Record<'ext4' | 'ext2', Flavour>> = {
  ext4: {
    name: 'ext4',
    compatible: extAttr,
    incompatible: fileTypes | extents,
    readOnly: sparseSuper | largeFiles | extraIsize | metadataChecksums,
    hasExtents: true,
    hasChecksums: true,
  },
  ext2: {
    name: 'ext2',
    compatible: extAttr,
    incompatible: fileTypes,
    readOnly: sparseSuper | largeFiles,
    hasExtents: false,
    hasChecksums: false,
  },
};

export interface Superblock {
  readonly layout: Layout;
  readonly flavour: Flavour;
  readonly freeBlocks: number;
  readonly freeInodes: number;
  readonly uuid: Buffer;
  readonly epoch: number;
}

/** The superblock as it stands in `group`. */
export function superblockBytes(about: Superblock, group: number): Buffer {
  const { layout, flavour, epoch } = about;
  const bytes = Buffer.alloc(1024);
  const logBlockSize = Math.log2(blockSize / 1024);
  bytes.writeUInt32LE(layout.inodesPerGroup * layout.groups.length, 0);
  bytes.writeUInt32LE(layout.blocks, 4);
  bytes.writeUInt32LE(about.freeBlocks, 12);
  bytes.writeUInt32LE(about.freeInodes, 16);
  bytes.writeUInt32LE(logBlockSize, 24);
  bytes.writeUInt32LE(logBlockSize, 28); // of clusters
  bytes.writeUInt32LE(blocksPerGroup, 32);
  bytes.writeUInt32LE(blocksPerGroup, 36); // of clusters
  bytes.writeUInt32LE(layout.inodesPerGroup, 40);
  bytes.writeUInt32LE(epoch, 48); // last written
  bytes.writeInt16LE(-1, 54); // never asks for a check after so many mounts
  bytes.writeUInt16LE(0xef53, 56);
  bytes.writeUInt16LE(1, 58); // clean
  bytes.writeUInt16LE(1, 60); // on errors, go on
  bytes.writeUInt32LE(epoch, 64); // last checked
  bytes.writeUInt32LE(1, 76); // revision with features
  bytes.writeUInt32LE(firstFree, 84);
  bytes.writeUInt16LE(inodeSize, 88);
  bytes.writeUInt16LE(group, 90);
  bytes.writeUInt32LE(flavour.compatible, 92);
  bytes.writeUInt32LE(flavour.incompatible, 96);
  bytes.writeUInt32LE(flavour.readOnly, 100);
  about.uuid.copy(bytes, 104);
  about.uuid.copy(bytes, 236); // seed of hashes
  bytes.writeUInt8(1, 252); // half MD4
  bytes.writeUInt32LE(epoch, 264); // made
  bytes.writeUInt16LE(32, 348); // bytes beyond the first 128 of each inode
  bytes.writeUInt16LE(32, 350);
  bytes.writeUInt32LE(1, 352); // hashes of signed characters
  if (flavour.hasChecksums) {
    bytes.writeUInt8(1, 373); // CRC-32C
    bytes.writeUInt32LE(crc32c(0xffffffff, bytes.subarray(0, 1020)), 1020);
  }
  return bytes;
}
