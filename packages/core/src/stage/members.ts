import { isNativeError } from 'node:util/types';
import { UserError } from '../diagnostics/user-error.ts';
import type { Exec } from '../ports/exec.ts';
import { type ArchiveFormat, kindOfArchive } from './archive-format.ts';
import { archiveLimits } from './archive-limits.ts';
import type { Member } from './member.ts';

export interface Archive {
  readonly path: string;
  readonly format: ArchiveFormat;
  /** What people know it by; starts every message about it. */
  readonly label: string;
}

/**
 * What is in an archive, streamed. `limit` in bytes bounds what a compressed stream may grow to, and all files
 * together; `archiveLimits` bounds the rest.
 */
export async function* readMembers(
  archive: Archive,
  limit: number,
  context: { readonly exec: Exec },
): AsyncGenerator<Member> {
  const admit = archiveLimits(archive.label, limit);
  try {
    for await (const member of kindOfArchive(archive.format).members(archive.path, limit, context)) {
      admit(member);
      yield member;
    }
  } catch (cause) {
    throw archiveError(archive.label, archive.format, cause);
  }
}

/** Says which archive could not be read, and why. */
export function archiveError(label: string, format: string, cause: unknown): Error {
  if (!isNativeError(cause)) return new Error(`${label}: cannot be read`, { cause });
  if (cause.message.startsWith(label)) return cause;
  const reason = cause instanceof UserError ? cause.message : `not a readable ${format}: ${cause.message}`;
  const hint = cause instanceof UserError ? cause.hint : undefined;
  return new UserError(
    cause instanceof UserError ? cause.code : 'archive.damaged',
    `${label}: ${reason}`,
    hint === undefined ? { cause } : { cause, hint },
  );
}
