import { mapSize } from './block-map.ts';
import { blockSize, inodeSize } from './layout.ts';

export interface InodeFields {
  /** With the bits of its kind. */
  readonly mode: number;
  readonly links: number;
  /** Bytes. */
  readonly size: number;
  /** Blocks it takes, those of its map included. */
  readonly blocks: number;
  readonly map: Buffer;
  readonly hasExtents: boolean;
}

const extentsFlag = 0x80000;
const extraSize = 32; // bytes in use beyond the first 128
const highestSigned = 2 ** 31; // seconds; times are signed numbers of 32 bits

/** An inode of root, every time in it `epoch`. */
export function inodeBytes(fields: InodeFields, epoch: number): Buffer {
  const bytes = Buffer.alloc(inodeSize);
  bytes.writeUInt16LE(fields.mode, 0);
  bytes.writeUInt32LE(fields.size % 2 ** 32, 4);
  for (const at of [8, 12, 16, 144]) bytes.writeUInt32LE(epoch, at); // read, changed, written, made
  bytes.writeUInt16LE(fields.links, 26);
  const sectors = fields.blocks * (blockSize / 512);
  bytes.writeUInt32LE(sectors % 2 ** 32, 28);
  bytes.writeUInt32LE(fields.hasExtents ? extentsFlag : 0, 32);
  fields.map.copy(bytes, 40, 0, mapSize);
  bytes.writeUInt32LE(Math.floor(fields.size / 2 ** 32), 108);
  bytes.writeUInt16LE(Math.floor(sectors / 2 ** 32), 116);
  bytes.writeUInt16LE(extraSize, 128);
  // Above the signed 31 bits, the two lowest bits of the extra fields count the rounds.
  if (epoch >= highestSigned) for (const at of [132, 136, 140, 148]) bytes.writeUInt32LE(1, at);
  return bytes;
}
