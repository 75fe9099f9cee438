import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../diagnostics/user-error.ts';

/** The SHA-256 of a file, as lower-case hex. UserError for what is no file; nothing is waited for. */
export async function hashFile(path: string): Promise<string> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK); // a pipe would wait for its writer
  if (!(await file.stat()).isFile()) {
    throw new UserError('path.no-file', `${path}: expected a file, got a folder or a special file`);
  }
  const hash = createHash('sha256');
  await pipeline(file.createReadStream({ highWaterMark: 1 << 20, autoClose: false }), hash);
  return hash.digest('hex');
}
