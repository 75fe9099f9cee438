import { isNativeError } from 'node:util/types';
import { UserError } from '../diagnostics/user-error.ts';

export function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT', 'ENOTDIR');
}

/** For `catch`: what is not there is `undefined`, everything else is thrown on. */
export function absent(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

/** The target of a rename, link or mkdir is there already. */
export function isTaken(error: unknown): boolean {
  return hasCode(error, 'EEXIST', 'ENOTEMPTY');
}

/** The system's name of a failure, e.g. ENOENT. */
export function errorCode(error: unknown): string | undefined {
  return isNativeError(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(errorCode(error) ?? '');
}

/**
 * What a disk or its rights did, for people; `undefined` for everything else, also for a file that is missing where
 * it cannot be: that is a bug. `place` is the file where the error does not tell, as for writing to an open one.
 */
export function explainFileError(error: unknown, place?: string): UserError | undefined {
  if (!isNativeError(error) || !('code' in error) || !('syscall' in error)) return undefined;
  const [code, call] = [String(error.code), String(error.syscall)];
  const reason =
    call === 'mkdir' && code === 'EEXIST' ? notAFolder : (reasonsOfPlaces[code] ?? reasons[code]);
  if (reason === undefined || ambiguous.has(code) || notOfFiles.test(call)) return undefined;
  const paths = [pathIn(error, 'path') ?? place, pathIn(error, 'dest')].filter((path) => path !== undefined);
  const where = paths.length === 0 ? call : paths.join(' -> ');
  return new UserError('system.file', `${where}: ${reason}`, {
    hint: hints[code] ?? 'choose another path',
    cause: error,
  });
}

/** Work on the open file `path`: what the disk does to it then says which file it was. */
export async function inFile<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw explainFileError(error, path) ?? error;
  }
}

/** What a failure is for the person who reads it; nothing for a bug. */
export function asUserError(error: unknown): UserError | undefined {
  if (error instanceof UserError) return error;
  // What went wrong comes before what went wrong while cleaning up after it.
  if (error instanceof SuppressedError) return asUserError(error.suppressed) ?? asUserError(error.error);
  return explainFileError(error);
}

/** What the disk did, in words: it is full, not ours, read-only, or has no such names. Anything else stays. */
export function cannotWrite(path: string, cause: unknown): unknown {
  if (!isNativeError(cause) || !('code' in cause) || typeof cause.code !== 'string') return cause;
  const reason = reasons[cause.code];
  if (reason === undefined) return cause;
  const hint = hints[cause.code];
  return new UserError(
    'system.file',
    `${path}: cannot be written: ${reason}`,
    hint === undefined ? { cause } : { cause, hint },
  );
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is larger than the file system allows',
  EIO: 'the disk failed to read or write',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EMLINK: 'the file system allows no more links to one file',
  ENAMETOOLONG: 'the name is longer than the file system allows',
  EINVAL: 'the file system allows no such name',
  EILSEQ: 'the file system allows no such name',
};

const roomier = 'set TMPDIR to a folder with more room, or remove what is not needed';
const allowed = 'run as a user who may do that, or change the permissions';

const hints: Readonly<Record<string, string>> = {
  EACCES: allowed,
  EPERM: allowed,
  ENOSPC: roomier,
  EDQUOT: roomier,
  EIO: 'look at the log of the kernel (dmesg)',
  EMFILE: 'raise the limit of open files (ulimit -n)',
  ENFILE: 'close other programs, or raise the limit of open files',
};

const notAFolder = 'expected a folder, found something else';

const reasonsOfPlaces: Readonly<Record<string, string>> = {
  ENOTDIR: 'expected a folder, found a file',
  EISDIR: 'expected a file, found a folder',
  ELOOP: 'expected a file or folder, found symlinks that lead in a circle',
  ESTALE: 'the file is gone from its server',
  EBUSY: 'another program is using it',
};

/** Codes that a mistake of ours has too. */
const ambiguous: ReadonlySet<string> = new Set(['EINVAL', 'EILSEQ']);

/** The same codes are said of sockets and programs. */
const notOfFiles = /^(connect|listen|bind|accept|getaddrinfo|kill|spawn)/;

function pathIn(error: object, key: 'path' | 'dest'): string | undefined {
  const value: unknown = Reflect.get(error, key);
  return typeof value === 'string' ? value : undefined;
}
