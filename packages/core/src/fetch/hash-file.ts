import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import { type HashAlgorithm, type Hashes, hashing } from './hashing.ts';

/** The SHA-256 of a file, as lower-case hex. UserError for what is no file; nothing is waited for. */
export async function hashFile(path: string): Promise<string> {
  return (await hashesOfFile(path)).sha256;
}

/** The same, and one more hash of the same reading. */
export async function hashesOfFile(path: string, also?: HashAlgorithm): Promise<Hashes> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK); // a pipe would wait for its writer
  if (!(await file.stat()).isFile()) {
    throw new UserError('path.no-file', `${path}: expected a file, got a folder or a special file`);
  }
  const hashes = hashing(also);
  for await (const chunk of file.createReadStream({ highWaterMark: 1 << 20, autoClose: false }))
    hashes.update(chunk);
  return hashes.hex();
}
