import { UserError } from '../../diagnostics/user-error.ts';
import type { ExtDisk, ExtInode } from './open-ext.ts';

/** Blocks in a row of a file that lie in a row on the disk. What no run covers is zeros. */
export interface ContentRun {
  /** Number of its first block within the file. */
  readonly offset: number;
  /** Number of its first block on the disk. */
  readonly at: number;
  readonly length: number;
}

export const extentsFlag = 0x80000;
const extentMagic = 0xf30a;
const deepest = 5; // levels of extents
const longestWritten = 32_768; // blocks; a longer extent is one nobody has written to
const directBlocks = 12;

/** Where the content of an inode is, in the order of the file. */
export async function contentRuns(disk: ExtDisk, inode: ExtInode): Promise<ContentRun[]> {
  const runs: ContentRun[] = [];
  const blocks = Math.ceil(inode.size / disk.blockSize);
  if ((inode.flags & extentsFlag) !== 0) await addExtents(disk, inode.map, deepest, runs);
  else await addNumbers(disk, inode.map, blocks, runs);
  return runs.filter(({ offset }) => offset < blocks);
}

async function addExtents(disk: ExtDisk, node: Buffer, levels: number, runs: ContentRun[]): Promise<void> {
  const count = node.readUInt16LE(2);
  const depth = node.readUInt16LE(6);
  if (node.readUInt16LE(0) !== extentMagic || depth > levels || 12 + count * 12 > node.length) {
    throw new UserError('image.damaged', `expected extents, got ${count} at depth ${depth} of ${levels}`);
  }
  for (let index = 1; index <= count; index++) {
    const entry = node.subarray(index * 12, (index + 1) * 12);
    if (depth > 0) {
      const at = entry.readUInt32LE(4) + entry.readUInt16LE(8) * 2 ** 32;
      await addExtents(disk, await disk.read(at * disk.blockSize, disk.blockSize), depth - 1, runs);
      continue;
    }
    const length = entry.readUInt16LE(4);
    if (length > longestWritten) continue;
    const at = entry.readUInt32LE(8) + entry.readUInt16LE(6) * 2 ** 32;
    addRun(runs, { offset: entry.readUInt32LE(0), at, length });
  }
}

async function addNumbers(disk: ExtDisk, map: Buffer, blocks: number, runs: ContentRun[]): Promise<void> {
  const perBlock = disk.blockSize / 4;
  const visit = async (at: number, level: number, offset: number): Promise<void> => {
    if (at === 0 || offset >= blocks) return;
    if (level === 0) return addRun(runs, { offset, at, length: 1 });
    const below = await disk.read(at * disk.blockSize, disk.blockSize);
    for (let index = 0; index < perBlock; index++) {
      await visit(below.readUInt32LE(index * 4), level - 1, offset + index * perBlock ** (level - 1));
    }
  };
  for (let index = 0; index < directBlocks; index++) await visit(map.readUInt32LE(index * 4), 0, index);
  let offset = directBlocks;
  for (let level = 1; level <= 3; level++) {
    await visit(map.readUInt32LE((directBlocks + level - 1) * 4), level, offset);
    offset += perBlock ** level;
  }
}

function addRun(runs: ContentRun[], run: ContentRun): void {
  const last = runs.at(-1);
  const end = last === undefined ? 0 : last.offset + last.length;
  if (run.offset < end)
    throw new UserError('image.damaged', `expected blocks in order, got ${run.offset} after ${end}`);
  if (last !== undefined && run.offset === end && run.at === last.at + last.length) {
    runs[runs.length - 1] = { ...last, length: last.length + run.length };
  } else {
    runs.push(run);
  }
}
