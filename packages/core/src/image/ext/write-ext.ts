import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { UserError } from '../../diagnostics/user-error.ts';
import type { TreeEntry } from '../walk-tree.ts';
import { type Allocator, allocatorOf, blocksOf, type Run } from './allocator.ts';
import { type BlockMap, mapExtents, mapNumbers, mapSize } from './block-map.ts';
import { type Checksums, checksumsFor } from './checksums.ts';
import { folderBlocks } from './folder-blocks.ts';
import { inodeBytes } from './inode-bytes.ts';
import { blockSize, inodeSize, type Layout, firstFree, planLayout } from './layout.ts';
import { planInodes, type PlannedInode } from './plan-inodes.ts';
import { type Flavour } from './superblock-bytes.ts';
import { writeTables } from './write-tables.ts';

export interface ExtJob {
  /** A new file. */
  readonly output: string;
  /** Bytes of the whole image. */
  readonly size: number;
  readonly flavour: Flavour;
  /** 16 bytes. */
  readonly uuid: Buffer;
  /** Seconds since 1970 of every time in it. */
  readonly epoch: number;
}

const typeBits = { directory: 0o040000, file: 0o100000, symlink: 0o120000, special: 0 };
const pieceSize = 1024 * 1024; // bytes copied at a time
const zeros = Buffer.alloc(pieceSize);

/**
 * Writes a file system that holds `entries` (from walkTree), all of root. Everything lies in the order of the
 * entries, so equal trees make equal bytes. `undefined` when `size` does not hold them.
 *
 * No program of e2fsprogs does this: `mke2fs -d` keeps the owners, change times and order of this machine, and
 * debugfs is told by a script, in which a name of somebody else can be a command.
 */
export async function writeExt(
  entries: readonly TreeEntry[],
  job: ExtJob,
  onDone: (entries: number) => void,
): Promise<true | undefined> {
  const inodes = planInodes(entries);
  const count = firstFree - 1 + inodes.length - 1; // the root is one of the reserved
  const layout = planLayout(job.size, count);
  if (layout === undefined) return undefined;
  const allocator = allocatorOf(layout);
  await using file = await open(job.output, 'wx');
  await file.truncate(job.size);
  const disk = { file, layout, allocator, job, checksums: checksumsFor(job.flavour, job.uuid) };
  for (const [index, inode] of inodes.entries()) {
    if ((await writeInode(disk, inode)) === undefined) return undefined;
    onDone(index + 1);
  }
  const folders = inodes.filter(({ entry }) => entry.kind === 'directory').map(({ inode }) => inode);
  await writeTables({ ...disk, inodes: count, folders });
  return true;
}

interface Disk {
  readonly file: FileHandle;
  readonly layout: Layout;
  readonly allocator: Allocator;
  readonly job: ExtJob;
  readonly checksums: Checksums;
}

async function writeInode(disk: Disk, planned: PlannedInode): Promise<true | undefined> {
  const { job, checksums } = disk;
  const { entry, inode, links } = planned;
  const content = contentOf(disk, planned);
  const isShort = entry.kind === 'symlink' && content.size < mapSize;
  const stored = isShort ? { map: shortLink(entry), blocks: 0 } : await store(disk, inode, content);
  if (stored === undefined) return undefined;
  const fields = {
    mode: typeBits[entry.kind] | (entry.path === '/' ? 0o755 : entry.kind === 'symlink' ? 0o777 : entry.mode),
    links,
    size: content.size,
    ...stored,
    hasExtents: job.flavour.hasExtents && !isShort,
  };
  const bytes = checksums.inode(inode, inodeBytes(fields, job.epoch));
  await disk.file.write(bytes, 0, inodeSize, placeOfInode(disk.layout, inode));
  return true;
}

interface Content {
  /** Bytes. */
  readonly size: number;
  write(runs: readonly Run[]): Promise<void>;
}

function contentOf(disk: Disk, { entry, inode, names }: PlannedInode): Content {
  if (entry.kind === 'file') {
    return { size: entry.size, write: (runs) => copyFile(disk, entry, runs) };
  }
  if (entry.kind === 'symlink') {
    const target = Buffer.from(entry.target ?? '');
    return { size: target.length, write: (runs) => writeBlocks(disk, runs, [target]) };
  }
  const { hasChecksums } = disk.job.flavour;
  const blocks = folderBlocks(names, hasChecksums).map((block) => disk.checksums.folder(inode, block));
  return { size: blocks.length * blockSize, write: (runs) => writeBlocks(disk, runs, blocks) };
}

function shortLink({ target = '' }: TreeEntry): Buffer {
  const map = Buffer.alloc(mapSize);
  map.write(target);
  return map;
}

async function store(
  disk: Disk,
  inode: number,
  content: Content,
): Promise<{ readonly map: Buffer; readonly blocks: number } | undefined> {
  const { allocator, job, checksums } = disk;
  const count = Math.ceil(content.size / blockSize);
  const runs = allocator.take(count);
  if (runs === undefined) return undefined;
  const map: BlockMap | undefined = job.flavour.hasExtents
    ? mapExtents(runs, allocator)
    : mapNumbers(runs, allocator);
  if (map === undefined) return undefined;
  await content.write(runs);
  for (const { at, bytes } of map.blocks) {
    const sealed = job.flavour.hasExtents ? checksums.extents(inode, bytes) : bytes;
    await disk.file.write(sealed, 0, blockSize, at * blockSize);
  }
  return { map: map.root, blocks: count + map.blocks.length };
}

async function writeBlocks({ file }: Disk, runs: readonly Run[], blocks: readonly Buffer[]): Promise<void> {
  const places = blocksOf(runs);
  for (const [index, block] of blocks.entries()) {
    await file.write(block, 0, block.length, (places[index] ?? 0) * blockSize);
  }
}

async function copyFile({ file }: Disk, entry: TreeEntry, runs: readonly Run[]): Promise<void> {
  await using source = await open(entry.source, constants.O_RDONLY | constants.O_NOFOLLOW);
  const piece = Buffer.alloc(pieceSize);
  let from = 0;
  for (const { start, length } of runs) {
    const end = Math.min(entry.size, from + length * blockSize);
    for (let to = start * blockSize; from < end;) {
      const { bytesRead } = await source.read(piece, 0, Math.min(pieceSize, end - from), from);
      if (bytesRead === 0) throw changed(entry, from);
      // The file is zeros already; what stays untouched takes no room on this machine.
      if (piece.compare(zeros, 0, bytesRead, 0, bytesRead) !== 0) await file.write(piece, 0, bytesRead, to);
      from += bytesRead;
      to += bytesRead;
    }
  }
}

function changed({ path, size }: TreeEntry, got: number): UserError {
  return new UserError(
    'system.changed',
    `${path}: expected ${size} bytes, got ${got}: it changed while the image was written`,
  );
}

function placeOfInode({ groups, inodesPerGroup }: Layout, inode: number): number {
  const table = groups[Math.floor((inode - 1) / inodesPerGroup)]?.inodeTable ?? 0;
  return table * blockSize + ((inode - 1) % inodesPerGroup) * inodeSize;
}
