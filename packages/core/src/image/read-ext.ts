import { UserError } from '../diagnostics/user-error.ts';
import { runChecked } from '../ports/run-checked.ts';
import { type Entry, kindOf } from './entry.ts';
import type { ImageContext } from './format.ts';

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

/** Lists level by level, one run of debugfs each. */
export async function listExt(image: string, ctx: ImageContext): Promise<Entry[]> {
  await runChecked(ctx.exec, 'e2fsck', ['-fn', image]);
  const entries: Entry[] = [];
  let folders = ['/'];
  while (folders.length > 0) {
    const input = folders.map((folder) => `ls -p "${folder.replaceAll('"', '""')}"\n`).join('');
    const { stdout, stderr } = await ctx.exec.run('debugfs', ['-f', '-', image], { input });
    requireQuiet(image, stderr);
    const level = parseListings(stdout, folders);
    entries.push(...level.filter(({ path }) => path !== '/' || entries.length === 0));
    folders = level.filter(({ kind, path }) => kind === 'directory' && path !== '/').map(({ path }) => path);
  }
  return entries;
}

/**
 * Parses `/12/040755/0/0/name//`, one listing for each of `folders` in turn. Rows of inode 0 are space for
 * names to come.
 */
function parseListings(text: string, folders: readonly string[]): Entry[] {
  const listings = text.split(/^debugfs: ls -p .*$/m).slice(1);
  return listings.flatMap((listing, index) => {
    const folder = folders[index] ?? '/';
    return listing.split('\n').flatMap((row) => {
      const [, modeText, uid, gid, name = '', size] =
        /^\/[1-9]\d*\/(\d+)\/(\d+)\/(\d+)\/(.*)\/(\d*)\/$/.exec(row) ?? [];
      if (modeText === undefined || name === '..' || (name === '.' && folder !== '/')) return [];
      const mode = Number.parseInt(modeText, 8);
      const path = name === '.' ? '/' : `${folder === '/' ? '' : folder}/${name}`;
      const owner = { uid: Number(uid), gid: Number(gid) };
      return [{ path, kind: kindOf(mode), mode: mode & 0o7777, ...owner, size: Number(size) }];
    });
  });
}

export async function extractExt(image: string, folder: string, ctx: ImageContext): Promise<void> {
  const tops = (await listTop(image, ctx)).filter((name) => name !== 'lost+found');
  const input = tops.map((name) => `rdump "/${name.replaceAll('"', '""')}" "${folder}"\n`).join('');
  const { stderr } = await ctx.exec.run('debugfs', ['-f', '-', image], { input });
  requireQuiet(image, ctx.isRoot ? stderr : stderr.replaceAll(/^.*while changing ownership of.*$/gm, ''));
}

async function listTop(image: string, ctx: ImageContext): Promise<string[]> {
  const { stdout } = await ctx.exec.run('debugfs', ['-f', '-', image], { input: 'ls -p /\n' });
  return parseListings(stdout, ['/'])
    .filter(({ path }) => path !== '/')
    .map(({ path }) => path.slice(1));
}

/** debugfs ends with 0 whatever happened; beside its version, what it prints on stderr are errors. */
function requireQuiet(image: string, stderr: string): void {
  const errors = stderr.split('\n').filter((line) => line.trim() !== '' && !/^debugfs \d/.test(line));
  if (errors.length > 0) throw new UserError(`${image}: debugfs says:\n  ${errors.slice(0, 5).join('\n  ')}`);
}
