import { UserError } from '../diagnostics/user-error.ts';
import { childPath, entryGuard } from './entry-guard.ts';
import { type Entry, kindOf } from './entry.ts';
import type { Room } from './room.ts';

// Layout: btrfs.readthedocs.io, "On-disk format", chapter "Superblock".
const superblockAt = 65_536;
const rootTree = '1';
const topTree = '5';
const rootFolder = 256; // BTRFS_FIRST_FREE_OBJECTID, the root folder of every tree

/** Bytes the image claims to have, or `undefined` when it is no btrfs. */
export function btrfsSize(head: Buffer): number | undefined {
  if (head.length < superblockAt + 4096) return undefined;
  if (head.toString('latin1', superblockAt + 64, superblockAt + 72) !== '_BHRfS_M') return undefined;
  return Number(head.readBigUInt64LE(superblockAt + 112));
}

export async function extractBtrfs({ names, run }: Room, bytes: number): Promise<void> {
  await run('btrfs', ['restore', '--symlink', names.image, names.folder], bytes);
}

export async function listBtrfs({ names, run }: Room): Promise<Entry[]> {
  await run('btrfs', ['check', '--readonly', '--force', names.image]);
  const dump = (tree: string): Promise<string> =>
    run('btrfs', ['inspect-internal', 'dump-tree', '-t', tree, names.image]);
  refuseSubvolumes(await dump(rootTree));
  return entriesIn(await dump(topTree));
}

/** What `btrfs inspect-internal dump-tree` tells of a volume. */
export function entriesIn(text: string): Entry[] {
  const { inodes, folders } = parseTree(text);
  const entries: Entry[] = [];
  const guard = entryGuard();
  const seen = new Set<number>();
  const visit = (id: number, path: string): void => {
    const found = inodes.get(id);
    if (found === undefined) throw new UserError('image.damaged', `${path}: expected an inode, got none`);
    const entry = { path, ...found };
    guard.admit(entry);
    entries.push(entry);
    if (found.kind !== 'directory') return;
    if (seen.has(id))
      throw new UserError('image.damaged', `${path}: expected each folder once, got it again`);
    seen.add(id);
    for (const { name, child } of folders.get(id) ?? []) visit(child, childPath(path, Buffer.from(name)));
  };
  visit(rootFolder, '/');
  return entries;
}

/** A host mounts the subvolume that is marked as default, which may not be the one that is read here. */
function refuseSubvolumes(rootTreeText: string): void {
  const found = /\((?:2(?:5[6-9]|[6-9]\d)|[3-9]\d\d|\d{4,15}) ROOT_(?:ITEM|REF|BACKREF)\b/.exec(rootTreeText);
  if (found !== null)
    throw new UserError('image.damaged', `expected one volume, got a subvolume: ${found[0].slice(1)}`);
}

interface Tree {
  readonly inodes: ReadonlyMap<number, Omit<Entry, 'path'>>;
  readonly folders: ReadonlyMap<number, readonly { readonly name: string; readonly child: number }[]>;
}

/**
 * Picks inodes and names out of `btrfs inspect-internal dump-tree`. Names and attributes of a stranger stand in
 * this text as they are: one that looks like another item is one too many, or not as long as it says.
 */
function parseTree(text: string): Tree {
  const inodes = new Map<number, Omit<Entry, 'path'>>();
  const folders = new Map<number, { name: string; child: number }[]>();
  for (const item of text.split(/^\titem \d+ key /m).slice(1)) {
    const [, idText, type] = /^\((\d+) (\w+) /.exec(item) ?? [];
    const id = Number(idText);
    if (type === 'INODE_ITEM') {
      if (inodes.has(id)) throw new UserError('image.damaged', `expected inode ${id} once, got it twice`);
      inodes.set(id, parseInode(item));
    }
    if (type === 'DIR_INDEX') {
      const names = folders.get(id) ?? [];
      names.push(parseName(item));
      folders.set(id, names);
    }
  }
  return { inodes, folders };
}

function parseName(item: string): { readonly name: string; readonly child: number } {
  const [, child] = /^\t\tlocation key \((\d+) INODE_ITEM 0\)/m.exec(item) ?? [];
  const [, length] = /^\t\ttransid \d+ data_len \d+ name_len (\d+)$/m.exec(item) ?? [];
  const [, name] = /^\t\tname: (.*)$/m.exec(item) ?? [];
  if (child === undefined || length === undefined || name === undefined) {
    throw new UserError(
      'image.damaged',
      `expected a name of a file or folder, got ${JSON.stringify(item.slice(0, 300))}`,
    );
  }
  if (Buffer.byteLength(name) !== Number(length)) {
    throw new UserError(
      'image.damaged',
      `expected names in UTF-8 without control characters, got ${JSON.stringify(name)} of ${length} bytes`,
    );
  }
  return { name, child: Number(child) };
}

function parseInode(item: string): Omit<Entry, 'path'> {
  const [, size] = / size (\d+) nbytes /.exec(item) ?? [];
  const [, modeText = '0', uid, gid] = / mode (\d+) links \d+ uid (\d+) gid (\d+) /.exec(item) ?? [];
  const mode = Number.parseInt(modeText, 8);
  return {
    kind: kindOf(mode),
    mode: mode & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
    size: Number(size),
  };
}
