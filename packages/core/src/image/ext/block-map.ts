import { blocksOf, type Allocator, type Run } from './allocator.ts';
import { blockSize } from './layout.ts';

/** Where the content of a file is: the 60 bytes in its inode, and the blocks these lead to. */
export interface BlockMap {
  readonly root: Buffer;
  readonly blocks: readonly { readonly at: number; readonly bytes: Buffer }[];
}

export const mapSize = 60; // bytes
const directBlocks = 12;
const numbersPerBlock = blockSize / 4;
const extentSize = 12; // bytes, as is the header in front of them
const extentsInInode = 4;
export const extentsInBlock = 340; // behind them are four bytes of checksum

/** A list of extents, in the inode or one level below it; `undefined` without room for it. */
export function mapExtents(runs: readonly Run[], allocator: Allocator): BlockMap | undefined {
  const extents = withOffsets(runs);
  if (extents.length <= extentsInInode) {
    return { root: extentNode(extents.map(extentBytes), 0, mapSize), blocks: [] };
  }
  const leaves = chunk(extents, extentsInBlock);
  if (leaves.length > extentsInInode) return undefined;
  const taken = allocator.take(leaves.length);
  if (taken === undefined) return undefined;
  const places = blocksOf(taken);
  const blocks = leaves.map((leaf, index) => ({
    at: places[index] ?? 0,
    bytes: extentNode(leaf.map(extentBytes), 0, blockSize),
  }));
  const index = leaves.map(([first], at) => indexBytes(first?.offset ?? 0, places[at] ?? 0));
  return { root: extentNode(index, 1, mapSize), blocks };
}

/** Numbers of blocks as ext2 keeps them: 12 in the inode, the others in trees of one, two and three levels. */
export function mapNumbers(runs: readonly Run[], allocator: Allocator): BlockMap | undefined {
  const numbers = blocksOf(runs);
  const blocks: { at: number; bytes: Buffer }[] = [];
  const root = Buffer.alloc(mapSize);
  numbers.slice(0, directBlocks).forEach((number, index) => root.writeUInt32LE(number, index * 4));
  let from = directBlocks;
  for (let level = 1; level <= 3 && from < numbers.length; level++) {
    const end = from + numbersPerBlock ** level;
    const top = addTree(numbers.slice(from, end), level, allocator, blocks);
    if (top === undefined) return undefined;
    root.writeUInt32LE(top, (directBlocks + level - 1) * 4);
    from = end;
  }
  return from < numbers.length ? undefined : { root, blocks };
}

/** Resolves to the number of the top block. */
function addTree(
  numbers: readonly number[],
  level: number,
  allocator: Allocator,
  into: { at: number; bytes: Buffer }[],
): number | undefined {
  const at = allocator.take(1)?.[0]?.start;
  if (at === undefined) return undefined;
  const bytes = Buffer.alloc(blockSize);
  into.push({ at, bytes });
  const below =
    level === 1
      ? numbers
      : chunk(numbers, numbersPerBlock ** (level - 1)).map((part) =>
          addTree(part, level - 1, allocator, into),
        );
  for (const [index, number] of below.entries()) {
    if (number === undefined) return undefined;
    bytes.writeUInt32LE(number, index * 4);
  }
  return at;
}

interface Extent extends Run {
  /** Number of its first block within the file. */
  readonly offset: number;
}

function withOffsets(runs: readonly Run[]): Extent[] {
  let offset = 0;
  return runs.map((run) => {
    const extent = { ...run, offset };
    offset += run.length;
    return extent;
  });
}

function extentBytes({ offset, start, length }: Extent): Buffer {
  const bytes = Buffer.alloc(extentSize);
  bytes.writeUInt32LE(offset, 0);
  bytes.writeUInt16LE(length, 4);
  bytes.writeUInt32LE(start, 8);
  return bytes;
}

function indexBytes(offset: number, at: number): Buffer {
  const bytes = Buffer.alloc(extentSize);
  bytes.writeUInt32LE(offset, 0);
  bytes.writeUInt32LE(at, 4);
  return bytes;
}

function extentNode(entries: readonly Buffer[], depth: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt16LE(0xf30a, 0);
  bytes.writeUInt16LE(entries.length, 2);
  bytes.writeUInt16LE(size === mapSize ? extentsInInode : extentsInBlock, 4);
  bytes.writeUInt16LE(depth, 6);
  entries.forEach((entry, index) => entry.copy(bytes, extentSize * (index + 1)));
  return bytes;
}

function chunk<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
