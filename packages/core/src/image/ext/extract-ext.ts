import { type FileHandle, mkdir, open, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { contentRuns } from './content-runs.ts';
import { openExt, type ExtDisk, type ExtInode } from './open-ext.ts';
import { type Found, readTarget, walkExt } from './walk-ext.ts';

const pieceSize = 1024 * 1024; // bytes copied at a time

/** Unpacks into an empty folder; links come last, so that nothing is written through one. */
export async function extractExt(image: string, folder: string): Promise<void> {
  await using disk = await openExt(image);
  const links: Found[] = [];
  for await (const found of walkExt(disk)) {
    const { path, inode } = found;
    const place = join(folder, path);
    if (inode.kind === 'symlink') links.push(found);
    if (inode.kind === 'directory' && path !== '/') await mkdir(place, { mode: 0o700 });
    if (inode.kind !== 'file') continue;
    await using file = await open(place, 'wx', 0o600);
    await copyContent(disk, inode, file);
  }
  for (const { path, inode } of links) await symlink(await readTarget(disk, inode, path), join(folder, path));
}

/** Copies those files for which `placeOf` names a place, and resolves to how many there were. */
export async function extractExtFiles(
  image: string,
  placeOf: (path: string) => string | undefined,
): Promise<number> {
  await using disk = await openExt(image);
  let count = 0;
  for await (const { path, inode } of walkExt(disk)) {
    const place = inode.kind === 'file' ? placeOf(path) : undefined;
    if (place === undefined) continue;
    await using file = await open(place, 'wx', 0o600);
    await copyContent(disk, inode, file);
    count += 1;
  }
  return count;
}

async function copyContent(disk: ExtDisk, inode: ExtInode, file: FileHandle): Promise<void> {
  for (const { offset, at, length } of await contentRuns(disk, inode)) {
    const start = offset * disk.blockSize;
    const end = Math.min(start + length * disk.blockSize, inode.size);
    for (let to = start; to < end; to += pieceSize) {
      const piece = await disk.read(at * disk.blockSize + to - start, Math.min(pieceSize, end - to));
      await file.write(piece, 0, piece.length, to);
    }
  }
  await file.truncate(inode.size);
}
