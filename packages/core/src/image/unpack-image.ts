import { chmod, rmdir } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import { entryGuard } from './entry-guard.ts';
import type { Entry } from './entry.ts';
import type { Format } from './format.ts';
import { showSize } from './image-size.ts';
import { openFolders } from './open-folders.ts';
import type { Room } from './room.ts';
import { type TreeEntry, walkTree } from './walk-tree.ts';

export interface Unpacked {
  readonly entries: readonly Entry[];
  /** Nothing is unpacked of an image with devices, sockets or pipes, which is no extension anyway. */
  readonly isUnpacked: boolean;
}

const reserve = 64 * 2 ** 20; // bytes left free on the disk

/**
 * Lists an image, and unpacks it into the room's folder when the list is one that may be unpacked. What is there
 * afterwards is what was listed, with the modes of the image: a program that saw another tree is found out.
 */
export async function unpackImage(format: Format, room: Room): Promise<Unpacked> {
  const entries = await format.list(room);
  const guard = entryGuard();
  for (const entry of entries) guard.admit(entry);
  if (entries.some(({ kind }) => kind === 'special')) return { entries, isUnpacked: false };
  const bytes = entries.filter(({ kind }) => kind === 'file').reduce((sum, { size }) => sum + size, 0);
  const free = await room.free();
  if (bytes + reserve > free) {
    throw new UserError(
      'system.space',
      `expected it to unpack into the ${showSize(free)} free here, got ${showSize(bytes)}`,
      {
        hint: 'set TMPDIR to a folder with more room',
      },
    );
  }
  await format.extract(room, bytes);
  await settle(room.folder, entries);
  return { entries, isUnpacked: true };
}

async function settle(folder: string, entries: readonly Entry[]): Promise<void> {
  const listed = new Map(entries.map((entry) => [entry.path, entry]));
  await openFolders(folder);
  for (const found of (await walkTree(folder)).toReversed()) {
    const expected = listed.get(found.path);
    if (expected === undefined || !isSame(found, expected)) {
      throw new UserError(
        'image.damaged',
        `expected what is listed, got ${show(found)} instead of ${show(expected)}`,
      );
    }
    listed.delete(found.path);
    // Whoever looks at the tree next must be able to, even without being root.
    const least = found.kind === 'directory' ? 0o500 : 0o400;
    if (found.kind !== 'symlink') await chmod(found.source, expected.mode | least);
    // A folder that every ext file system has.
    if (found.path === '/lost+found' && found.kind === 'directory') await rmdir(found.source).catch(() => {});
  }
  const [missing] = listed.values();
  if (missing !== undefined)
    throw new UserError('image.damaged', `expected ${show(missing)} as listed, got nothing`);
}

function isSame(found: TreeEntry, { kind, size }: Entry): boolean {
  return found.kind === kind && (kind === 'directory' || found.size === size);
}

function show(entry: Entry | undefined): string {
  if (entry === undefined) return 'nothing';
  const size = entry.kind === 'directory' ? '' : ` of ${entry.size} bytes`;
  return `a ${entry.kind}${size} at ${JSON.stringify(entry.path)}`;
}
