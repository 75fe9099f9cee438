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

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}

/** What the disk did, in words: it is full, not ours, read-only, or has no such names. Anything else stays. */
export function cannotWrite(path: string, cause: unknown): unknown {
  if (!isNativeError(cause) || !('code' in cause) || typeof cause.code !== 'string') return cause;
  const reason = reasons[cause.code];
  if (reason === undefined) return cause;
  const hint = hints[cause.code];
  return new UserError(
    `${path}: cannot be written: ${reason}`,
    hint === undefined ? { cause } : { cause, hint },
  );
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'it is not allowed',
  EPERM: 'it is not allowed',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EFBIG: 'the file is larger than the disk allows',
  EIO: 'the disk does not work',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EMLINK: 'the disk takes no more links to one file',
  ENAMETOOLONG: 'its name is longer than the disk allows',
  EINVAL: 'the disk has no such names',
  EILSEQ: 'the disk has no such names',
};

const hints: Readonly<Record<string, string>> = {
  ENOSPC: 'set TMPDIR to a folder with more room, or remove what is not needed',
};
