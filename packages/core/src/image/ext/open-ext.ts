import { type FileHandle, open } from 'node:fs/promises';
import { UserError } from '../../diagnostics/user-error.ts';
import { kindOf, type Entry } from '../entry.ts';

// Layout: docs.kernel.org/filesystems/ext4/globals.html.
const superblockAt = 1024;
const sixtyFourBit = 0x80;
const descriptorSize = { narrow: 32, wide: 64 };
/** Bits of "incompatible" features that change nothing of what is read here, or that are read. */
const readable = new Map([
  [0x2, 'filetype'],
  [0x40, 'extents'],
  [sixtyFourBit, '64bit'],
  [0x100, 'mmp'],
  [0x200, 'flex_bg'],
  [0x400, 'ea_inode'],
  [0x2000, 'metadata_csum_seed'],
  [0x4000, 'large_dir'],
]);
const needsRecovery = 0x4;

/** A file system of ext2, ext3 or ext4, open for reading. */
export interface ExtDisk extends AsyncDisposable {
  /** Bytes. */
  readonly blockSize: number;
  read(at: number, length: number): Promise<Buffer>;
  inode(number: number): Promise<ExtInode>;
}

export interface ExtInode extends Omit<Entry, 'path'> {
  readonly flags: number;
  /** Where its content is, or the content itself. */
  readonly map: Buffer;
  /** Of 512 bytes, those of extended attributes left out. */
  readonly sectors: number;
}

/** Opens an image; the caller disposes it. */
export async function openExt(image: string): Promise<ExtDisk> {
  const file = await open(image);
  try {
    return await readSuperblock(file);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readSuperblock(file: FileHandle): Promise<ExtDisk> {
  const read = readerOf(file);
  const superblock = await read(superblockAt, 1024);
  const incompatible = superblock.readUInt32LE(96);
  refuseFeatures(incompatible);
  const logBlockSize = superblock.readUInt32LE(24);
  if (logBlockSize > 6)
    throw new UserError('image.damaged', `expected blocks of 1 to 64 KiB, got 2^${logBlockSize} KiB`);
  const blockSize = 1024 * 2 ** logBlockSize;
  const inodesPerGroup = superblock.readUInt32LE(40);
  const inodeSize = superblock.readUInt32LE(76) === 0 ? 128 : superblock.readUInt16LE(88);
  const inodeCount = superblock.readUInt32LE(0);
  if (inodesPerGroup === 0 || inodeSize < 128 || inodeSize > blockSize) {
    throw new UserError(
      'image.damaged',
      `expected a sound superblock, got inodes of ${inodeSize} bytes, ${inodesPerGroup} a group`,
    );
  }
  const isWide = (incompatible & sixtyFourBit) !== 0;
  const step = isWide ? superblock.readUInt16LE(254) : descriptorSize.narrow;
  if (isWide && (step < descriptorSize.wide || step > blockSize)) {
    throw new UserError('image.damaged', `expected group descriptors of at least 64 bytes, got ${step}`);
  }
  const descriptorsAt = (superblock.readUInt32LE(20) + 1) * blockSize;
  return {
    blockSize,
    read,
    async inode(number) {
      if (number < 1 || number > inodeCount) {
        throw new UserError('image.damaged', `expected inodes from 1 to ${inodeCount}, got ${number}`);
      }
      const group = Math.floor((number - 1) / inodesPerGroup);
      const descriptor = await read(descriptorsAt + group * step, step);
      const high = isWide ? descriptor.readUInt32LE(40) : 0;
      const table = (high * 2 ** 32 + descriptor.readUInt32LE(8)) * blockSize;
      return parseInode(await read(table + ((number - 1) % inodesPerGroup) * inodeSize, 128), blockSize);
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}

function refuseFeatures(bits: number): void {
  if ((bits & needsRecovery) !== 0) {
    throw new UserError(
      'image.damaged',
      'expected a file system that was unmounted, got one with writes left in its journal',
    );
  }
  const known = [...readable.keys()].reduce((all, bit) => all | bit, 0);
  if ((bits & ~known) === 0) return;
  throw new UserError(
    'image.damaged',
    `expected no features but ${[...readable.values()].join(', ')}, got others: 0x${(bits & ~known).toString(16)}`,
  );
}

function readerOf(file: FileHandle): ExtDisk['read'] {
  return async (at, length) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
    if (bytesRead === length) return buffer;
    throw new UserError('image.damaged', `expected ${length} bytes at ${at}, got ${bytesRead}`);
  };
}

function parseInode(bytes: Buffer, blockSize: number): ExtInode {
  const mode = bytes.readUInt16LE(0);
  const attributes = bytes.readUInt32LE(104) === 0 ? 0 : blockSize / 512;
  return {
    kind: kindOf(mode),
    mode: mode & 0o7777,
    uid: bytes.readUInt16LE(2) + bytes.readUInt16LE(120) * 2 ** 16,
    gid: bytes.readUInt16LE(24) + bytes.readUInt16LE(122) * 2 ** 16,
    size: bytes.readUInt32LE(108) * 2 ** 32 + bytes.readUInt32LE(4),
    flags: bytes.readUInt32LE(32),
    map: bytes.subarray(40, 100),
    sectors: bytes.readUInt32LE(28) - attributes,
  };
}
