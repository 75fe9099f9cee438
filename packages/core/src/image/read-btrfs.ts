import { runChecked } from '../ports/run-checked.ts';
import { type Entry, kindOf } from './entry.ts';
import type { ImageContext } from './format.ts';

// Layout: btrfs.readthedocs.io, "On-disk format", chapter "Superblock".
const superblockAt = 65_536;
const rootFolder = 256; // BTRFS_FIRST_FREE_OBJECTID, the root folder of every tree

/** Bytes the image claims to have, or `undefined` when it is no btrfs. */
export function btrfsSize(head: Buffer): number | undefined {
  if (head.length < superblockAt + 4096) return undefined;
  if (head.toString('latin1', superblockAt + 64, superblockAt + 72) !== '_BHRfS_M') return undefined;
  return Number(head.readBigUInt64LE(superblockAt + 112));
}

export async function extractBtrfs(image: string, folder: string, ctx: ImageContext): Promise<void> {
  const owners = ctx.isRoot ? ['--metadata'] : [];
  await runChecked(ctx.exec, 'btrfs', ['restore', '--symlink', ...owners, image, folder]);
}

export async function listBtrfs(image: string, ctx: ImageContext): Promise<Entry[]> {
  await runChecked(ctx.exec, 'btrfs', ['check', '--readonly', '--force', image]);
  const text = await runChecked(ctx.exec, 'btrfs', ['inspect-internal', 'dump-tree', '-t', '5', image]);
  const { inodes, folders } = parseTree(text);
  const entries: Entry[] = [];
  const visit = (inode: number, path: string): void => {
    const found = inodes.get(inode);
    if (found === undefined) return;
    entries.push({ path, ...found });
    for (const { name, child } of folders.get(inode) ?? []) {
      visit(child, path === '/' ? `/${name}` : `${path}/${name}`);
    }
  };
  visit(rootFolder, '/');
  return entries;
}

interface Tree {
  readonly inodes: ReadonlyMap<number, Omit<Entry, 'path'>>;
  readonly folders: ReadonlyMap<number, readonly { readonly name: string; readonly child: number }[]>;
}

/** Picks inodes and names out of `btrfs inspect-internal dump-tree`. */
function parseTree(text: string): Tree {
  const inodes = new Map<number, Omit<Entry, 'path'>>();
  const folders = new Map<number, { name: string; child: number }[]>();
  for (const item of text.split(/^\titem \d+ key /m).slice(1)) {
    const [, idText, type] = /^\((\d+) (\w+) /.exec(item) ?? [];
    const id = Number(idText);
    if (type === 'INODE_ITEM') inodes.set(id, parseInode(item));
    if (type === 'DIR_INDEX') {
      const child = Number(/location key \((\d+) INODE_ITEM/.exec(item)?.[1]);
      const name = /^\t\tname: (.*)$/m.exec(item)?.[1] ?? '';
      folders.set(id, [...(folders.get(id) ?? []), { name, child }]);
    }
  }
  return { inodes, folders };
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
