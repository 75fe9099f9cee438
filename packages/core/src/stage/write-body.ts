import { closeSync, writeSync } from 'node:fs';
import { UserError } from '../diagnostics/user-error.ts';
import { cannotWrite } from '../lifetime/file-errors.ts';
import type { Member } from './member.ts';
import { type Archive, archiveError } from './members.ts';

/**
 * Writes the body of a member into a file that is open, and closes it. `to` names the file in errors. Synchronous:
 * a write to the page cache costs less than a trip to the thread pool, where zlib works meanwhile.
 */
export async function writeBody(archive: Archive, member: Member, file: number, to: string): Promise<void> {
  try {
    let done = 0;
    for await (const chunk of member.body) {
      done += chunk.length;
      writeAll(file, chunk, to);
    }
    if (member.size !== undefined && done !== member.size)
      throw new UserError('archive.damaged', `expected ${member.size} bytes, got ${done}`);
  } catch (cause) {
    throw archiveError(`${archive.label}: member ${JSON.stringify(member.path)}`, archive.format, cause);
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, chunk: Uint8Array, to: string): void {
  try {
    for (let from = 0; from < chunk.length;) from += writeSync(file, chunk, from);
  } catch (cause) {
    throw cannotWrite(to, cause);
  }
}
