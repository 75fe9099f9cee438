import { createReadStream } from 'node:fs';
import { isNativeError } from 'node:util/types';
import { UserError } from '../diagnostics/user-error.ts';
import type { Exec } from '../ports/exec.ts';
import type { ArchiveFormat } from './archive-format.ts';
import { archiveLimits } from './archive-limits.ts';
import { type Compression, decompress } from './compression.ts';
import { findDebData } from './deb.ts';
import { tarMembers } from './tar.ts';
import { zipMembers } from './zip.ts';

/** One thing inside an archive, exactly as the archive tells it: nothing here has been judged yet. */
export interface Member {
  readonly path: string;
  readonly kind: MemberKind;
  /** For people, when `kind` is "other": "a fifo". */
  readonly what: string;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  /** Bytes of the body; 0 for anything but a file. */
  readonly size: number;
  /** Empty unless it is a link. */
  readonly linkname: string;
  /** To be read before the next member is asked for, or never. */
  readonly body: AsyncIterable<Uint8Array>;
}

export type MemberKind = 'file' | 'folder' | 'symlink' | 'hardlink' | 'other';

export interface Archive {
  readonly path: string;
  readonly format: ArchiveFormat;
  /** What people know it by; starts every message about it. */
  readonly label: string;
}

// Headers and padding of a tar are not counted by whoever limits the size of its members.
const tarOverhead = 256 * 1024 * 1024; // bytes
const readSize = 1024 * 1024; // bytes

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
    for await (const member of openArchive(archive, limit + tarOverhead, context)) {
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
  return new UserError(`${label}: ${reason}`, hint === undefined ? { cause } : { cause, hint });
}

async function* openArchive(
  { path, format }: Archive,
  limit: number,
  context: { readonly exec: Exec },
): AsyncGenerator<Member> {
  if (format === 'zip') {
    yield* zipMembers(path);
  } else if (format === 'deb') {
    const { start, end, compression } = await findDebData(path);
    const data = createReadStream(path, { start, end, highWaterMark: readSize });
    yield* tarMembers(decompress(data, compression, limit, context));
  } else {
    const data = createReadStream(path, { highWaterMark: readSize });
    yield* tarMembers(decompress(data, tarCompression[format], limit, context));
  }
}

const tarCompression: Readonly<Record<Exclude<ArchiveFormat, 'zip' | 'deb'>, Compression>> = {
  tar: 'none',
  'tar.gz': 'gz',
  'tar.xz': 'xz',
  'tar.bz2': 'bz2',
  'tar.zst': 'zst',
};
