import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';

/** A static file of a script: its bytes, or what a link holds. */
export interface StaticFile {
  /** From the image's root. */
  readonly path: string;
  readonly content: Buffer | string;
  /** Permission bits. */
  readonly mode: number;
}

const mostFiles = 5000;
const mostBytes = 256 * 2 ** 20; // of all together

/** What lies below files/usr and files/opt. Links are read and never followed. */
export async function readStatics(folder: string): Promise<StaticFile[]> {
  const found: StaticFile[] = [];
  let bytes = 0;
  const walk = async (at: string, path: string): Promise<void> => {
    const stats = await lstat(at).catch(() => undefined);
    if (stats?.isDirectory() === true) {
      for (const name of (await readdir(at)).toSorted()) await walk(join(at, name), `${path}/${name}`);
      return;
    }
    if (stats?.isSymbolicLink() === true) found.push({ path, content: await readlink(at), mode: 0o777 });
    if (stats?.isFile() === true) {
      bytes += stats.size;
      if (bytes <= mostBytes) found.push({ path, content: await readFile(at), mode: stats.mode & 0o777 });
    }
    if (found.length > mostFiles || bytes > mostBytes) {
      throw new UserError(
        'path.too-large',
        `${join(folder, 'files')}: expected at most ${mostFiles} files of 256 MiB together, got more`,
      );
    }
  };
  for (const top of ['usr', 'opt']) {
    const isFolder = (await lstat(join(folder, 'files')).catch(() => undefined))?.isDirectory() === true;
    if (isFolder) await walk(join(folder, 'files', top), `/${top}`);
  }
  return found;
}
