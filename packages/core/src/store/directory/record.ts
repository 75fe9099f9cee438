import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { jsonOrNothing } from '../../language/foreign-data.ts';
import { absent } from '../../lifetime/file-errors.ts';
import { makeFolder } from '../../lifetime/make-folder.ts';
import { readPlain } from '../../lifetime/read-plain.ts';
import { writeFileAtomically } from '../../lifetime/write-file-atomically.ts';
import { plainName, temporaryIn, workFolder } from './layout.ts';
import { Seen } from './look.ts';

const FileRecord = z.object({
  /** What the store wrote under this name; two while it is being replaced, since a run may be killed there. */
  sha256: z.array(z.string()).min(1),
  seen: Seen.optional(),
});
export type FileRecord = z.infer<typeof FileRecord>;

/** The files of one release that the store wrote itself: it changes and removes these and no others. */
export const TagRecord = z.object({
  record: z.literal(1),
  kind: z.enum(['release', 'index']),
  files: z.record(z.string(), FileRecord),
});
export type TagRecord = z.infer<typeof TagRecord>;

const ending = '.json';
const maxBytes = 64 * 1024 ** 2; // of a record; one of a thousand files takes 300 kB

/** One file a release, so that killed runs and runs at once never spoil what is known of the others. */
export function recordFolder(root: string): string {
  return join(root, workFolder, 'record');
}

export async function recordedTags(root: string): Promise<readonly string[]> {
  const names = await readdir(recordFolder(root)).catch(absent);
  return (names ?? []).filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));
}

export async function readRecord(root: string, tag: string): Promise<TagRecord | undefined> {
  const path = pathOf(root, tag);
  const text = await readPlain(path, { maxBytes });
  if (text === undefined) return undefined;
  const parsed = TagRecord.safeParse(jsonOrNothing(text.toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new UserError(
    'store.damaged',
    `${path}: expected the record of what the store wrote, got something else`,
    {
      hint: 'remove that file: what SHA256SUMS proves is taken over again',
    },
  );
}

/** The lock must be held. */
export async function writeRecord(root: string, tag: string, record: TagRecord): Promise<void> {
  await makeFolder(recordFolder(root));
  await writeFileAtomically(pathOf(root, tag), temporaryIn(root), `${JSON.stringify(record)}\n`);
}

/** The lock must be held. */
export async function removeRecord(root: string, tag: string): Promise<void> {
  await rm(pathOf(root, tag), { force: true });
}

export function recordOf(kind: TagRecord['kind'], files: ReadonlyMap<string, Seen>): TagRecord {
  const entries = [...files].map(([name, seen]) => [name, { sha256: [seen.sha256], seen }]);
  return { record: 1, kind, files: Object.fromEntries(entries) };
}

function pathOf(root: string, tag: string): string {
  return join(recordFolder(root), `${plainName(tag)}${ending}`);
}
