import type { Entry } from './entry.ts';
import { openExt } from './ext/open-ext.ts';
import { walkExt } from './ext/walk-ext.ts';
import type { Room } from './room.ts';

// Layout: docs.kernel.org/filesystems/ext4/globals.html, chapter "Super Block".
const superblockAt = 1024;
const magic = 0xef53;
const extentsFeature = 0x40;

/** Bytes the image claims to have, or `undefined` when it is not of this kind. */
export function extSize(name: 'ext4' | 'ext2', head: Buffer): number | undefined {
  if (head.length < superblockAt + 1024 || head.readUInt16LE(superblockAt + 56) !== magic) return undefined;
  const hasExtents = (head.readUInt32LE(superblockAt + 96) & extentsFeature) !== 0;
  if (hasExtents !== (name === 'ext4')) return undefined;
  return head.readUInt32LE(superblockAt + 4) * 2 ** (10 + head.readUInt32LE(superblockAt + 24));
}

/**
 * Reads inodes and folders itself. debugfs is told by a script, in which a name of the image can be a command,
 * and to mount a stranger's image hands it to the kernel, where a fault is one of the whole machine.
 */
export async function listExt({ image, names, run }: Room): Promise<Entry[]> {
  await run('e2fsck', ['-fn', names.image]);
  await using disk = await openExt(image);
  const entries: Entry[] = [];
  for await (const { path, inode } of walkExt(disk)) {
    const { kind, mode, uid, gid, size } = inode;
    entries.push({ path, kind, mode, uid, gid, size });
  }
  return entries;
}
