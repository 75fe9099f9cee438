import type { Exec } from '../ports/exec.ts';
import type { Job } from '../tools/known-tools.ts';
import type { Member } from './member.ts';

/** A format of archives. */
export interface ArchiveKind<Format extends string = string> {
  readonly format: Format;
  /** How names of such files end, in lower case. */
  readonly endings: readonly string[];
  /** What must be installed to read it. */
  readonly tools: readonly Job[];
  /** What is in the file at `path`, streamed. `limit` bounds the bytes of all files together. */
  members(path: string, limit: number, context: { readonly exec: Exec }): AsyncIterable<Member>;
}

/** Keeps the name of the format as a literal. */
export function archiveKind<const Format extends string>(record: ArchiveKind<Format>): ArchiveKind<Format> {
  return record;
}
