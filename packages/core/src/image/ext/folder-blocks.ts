import { blockSize } from './layout.ts';

export interface Name {
  readonly name: string;
  readonly inode: number;
  readonly kind: 'file' | 'directory' | 'symlink';
}

export const tailSize = 12; // bytes; an entry without a name, for the checksum
const types = { file: 1, directory: 2, symlink: 7 };
const headerSize = 8;

/** The content of a folder. Each block ends with an empty tail where `hasTails`. */
export function folderBlocks(names: readonly Name[], hasTails: boolean): Buffer[] {
  const room = blockSize - (hasTails ? tailSize : 0);
  const blocks: Buffer[] = [];
  let block = Buffer.alloc(blockSize);
  let at = 0;
  let last = 0;
  const finish = (): void => {
    block.writeUInt16LE(room - last, last + 4); // the last entry takes what is left
    if (hasTails) {
      block.writeUInt16LE(tailSize, room + 4);
      block.writeUInt8(0xde, room + 7);
    }
    blocks.push(block);
  };
  for (const { name, inode, kind } of names) {
    const bytes = Buffer.from(name);
    const length = headerSize + Math.ceil(bytes.length / 4) * 4;
    if (at + length > room) {
      finish();
      block = Buffer.alloc(blockSize);
      at = 0;
    }
    block.writeUInt32LE(inode, at);
    block.writeUInt16LE(length, at + 4);
    block.writeUInt8(bytes.length, at + 6);
    block.writeUInt8(types[kind], at + 7);
    bytes.copy(block, at + headerSize);
    last = at;
    at += length;
  }
  finish();
  return blocks;
}
