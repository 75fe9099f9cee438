import { UserError } from '../diagnostics/user-error.ts';
import type { Expected, Hashes } from './hashing.ts';

export function isWrong(hashes: Hashes, expected: Expected | undefined): expected is Expected {
  return expected !== undefined && hashes[expected.algorithm] !== expected.hex;
}

/** The error for bytes that are not the expected ones. */
export function wrongHash(url: string, hashes: Hashes, { algorithm, hex, source }: Expected): UserError {
  return new UserError(
    'fetch.wrong-hash',
    `${url}: expected ${algorithm}:${hex} (from ${source}), got ${algorithm}:${hashes[algorithm]}`,
    {
      hint: 'upstream replaced the file, a mirror is out of date, or someone may be tampering with the connection',
    },
  );
}
