// On-disk layout of ext2 and ext4: docs.kernel.org/filesystems/ext4/globals.html.
export const blockSize = 4096;
export const inodeSize = 256;
export const rootInode = 2;
/** Inodes below are reserved. */
export const firstFree = 11;
export const descriptorSize = 32;
export const blocksPerGroup = 8 * blockSize; // one block of bits says which are in use
const inodesPerBlock = blockSize / inodeSize;
const smallestGroup = 16; // blocks of data; a shorter last group is not worth its tables

export interface Layout {
  readonly blocks: number;
  readonly inodesPerGroup: number;
  /** Blocks that hold the descriptors of all groups. */
  readonly descriptorBlocks: number;
  readonly groups: readonly Group[];
}

/** One group of blocks; places are numbers of blocks. */
export interface Group {
  readonly first: number;
  readonly end: number;
  /** Whether the superblock and the descriptors stand at its beginning. */
  readonly hasCopy: boolean;
  readonly blockBitmap: number;
  readonly inodeBitmap: number;
  readonly inodeTable: number;
  /** First block that may hold content. */
  readonly data: number;
}

/** Divides `bytes` into groups with room for `inodes`; `undefined` when that cannot be. */
export function planLayout(bytes: number, inodes: number): Layout | undefined {
  let blocks = Math.floor(bytes / blockSize);
  for (;;) {
    const count = Math.ceil(blocks / blocksPerGroup);
    const inodesPerGroup = Math.ceil(inodes / count / inodesPerBlock) * inodesPerBlock;
    if (count === 0 || inodesPerGroup > blocksPerGroup) return undefined;
    const descriptorBlocks = Math.ceil((count * descriptorSize) / blockSize);
    const groups = Array.from({ length: count }, (_, index) =>
      planGroup(index, { blocks, inodesPerGroup, descriptorBlocks }),
    );
    const last = groups.at(-1);
    if (last !== undefined && last.end - last.data >= smallestGroup) {
      return { blocks, inodesPerGroup, descriptorBlocks, groups };
    }
    blocks = (count - 1) * blocksPerGroup;
  }
}

function planGroup(
  index: number,
  { blocks, inodesPerGroup, descriptorBlocks }: Omit<Layout, 'groups'>,
): Group {
  const first = index * blocksPerGroup;
  const hasCopy = hasSuperblock(index);
  const blockBitmap = first + (hasCopy ? 1 + descriptorBlocks : 0);
  const inodeTable = blockBitmap + 2;
  return {
    first,
    end: Math.min(first + blocksPerGroup, blocks),
    hasCopy,
    blockBitmap,
    inodeBitmap: blockBitmap + 1,
    inodeTable,
    data: inodeTable + inodesPerGroup / inodesPerBlock,
  };
}

/** With "sparse_super": the first two groups, and powers of 3, 5 and 7. */
function hasSuperblock(group: number): boolean {
  return group <= 1 || [3, 5, 7].some((base) => isPower(group, base));
}

function isPower(value: number, base: number): boolean {
  let power = base;
  while (power < value) power *= base;
  return power === value;
}
