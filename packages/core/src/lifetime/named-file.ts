import type { Stats } from 'node:fs';
import { lstat, open, stat } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import { absent, errorCode, explainFileError } from './file-errors.ts';

export type Standing =
  | 'none'
  | 'a file'
  | 'a folder'
  | 'a pipe or socket'
  | 'a device'
  | 'a symlink to nothing'
  | 'symlinks that lead in a circle';

/** What stands at a path that somebody named, for `expected a file, found …`. UserError where nobody may look. */
export async function whatStandsAt(path: string): Promise<Standing> {
  try {
    const stats = await stat(path).catch(absent);
    if (stats !== undefined) return kindOf(stats);
    return (await lstat(path).catch(absent)) === undefined ? 'none' : 'a symlink to nothing';
  } catch (error) {
    if (errorCode(error) === 'ELOOP') return 'symlinks that lead in a circle';
    throw explainFileError(error, path) ?? error;
  }
}

const mostBytes = 16 * 1024 * 1024; // of keys, an attestation or a configuration; a device has no end

/**
 * The bytes of a file, or of a pipe, that somebody named. `complain` makes the error for what stands there instead; what
 * the disk does is said as it is.
 */
export async function readNamed(
  path: string,
  complain: (found: Standing) => UserError,
  maxBytes = mostBytes,
): Promise<Buffer> {
  const bytes = await readUpTo(path, maxBytes + 1).catch(async (error: unknown) => {
    const found = await whatStandsAt(path);
    throw found === 'a file' ? (explainFileError(error, path) ?? error) : complain(found);
  });
  if (bytes.length <= maxBytes) return bytes;
  throw new UserError('path.too-large', `${path}: expected at most ${maxBytes} bytes, got more`);
}

async function readUpTo(path: string, count: number): Promise<Buffer> {
  await using file = await open(path);
  return Buffer.concat(await Array.fromAsync(file.createReadStream({ end: count - 1 })));
}

function kindOf(stats: Stats): Standing {
  if (stats.isFile()) return 'a file';
  if (stats.isDirectory()) return 'a folder';
  return stats.isFIFO() || stats.isSocket() ? 'a pipe or socket' : 'a device';
}
