import { randomUUID } from 'node:crypto';
import { basename, dirname } from 'node:path';
import pLimit from 'p-limit';
import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { readInside } from '../../lifetime/open-inside.ts';
import { writeFileAtomically } from '../../lifetime/write-file-atomically.ts';
import type { Expectation, IntegrityContext } from './expectation.ts';
import { integrityKind } from './integrity-kind.ts';
import { parseHash } from './literal.ts';

/** Hashes of first downloads, kept beside the recipe: a JSON object of address → `sha256:HEX`, sorted. */
export interface LockFile {
  readonly path: string;
  /** `sha256:HEX` */
  find(url: string): Promise<string | undefined>;
  record(url: string, sha256: string): Promise<void>;
  /** Nothing may be recorded. */
  readonly locked: boolean;
}

export const lockFileName = 'artifacts.lock.json';

const maxBytes = 16 * 1024 * 1024; // ten thousand addresses take 2 MB

const LockContent = z.record(z.string(), z.string().regex(/^sha256:[0-9a-f]{64}$/));

/** A reason and the recorded hash; without one, the first download decides. */
export const lockIntegrity = integrityKind({
  kind: 'lock',
  form: '{lock}',
  schema: z
    .strictObject({ lock: z.string().min(1) })
    .describe(
      'Upstream publishes none (say why): the hash of the first download is recorded beside the recipe.',
    )
    .transform(({ lock: reason }) => ({ kind: 'lock' as const, reason })),
  expect: expectLock,
});

async function expectLock(
  { reason }: { readonly reason: string },
  { url, lockFile }: IntegrityContext,
): Promise<Expectation> {
  const hash = await lockFile.find(url);
  if (hash !== undefined) return { kind: 'lock', expected: parseHash(hash, lockFile.path), reason };
  if (!lockFile.locked) return { kind: 'lock', expected: undefined, reason };
  throw new UserError(
    'fetch.not-locked',
    `${lockFile.path}: expected a hash of ${url}, got none, and --locked forbids to record one`,
    {
      hint: 'run once without --locked and commit the file',
    },
  );
}

/** The lock file at `path`; it need not exist yet. */
export function lockFileAt(path: string, locked: boolean): LockFile {
  const oneAtATime = pLimit(1); // a change is read, edit and write
  return {
    path,
    locked,
    find: async (url) => (await readLock(path))[url],
    record: (url, sha256) =>
      oneAtATime(async () => {
        await writeLock(path, { ...(await readLock(path)), [url]: `sha256:${sha256}` });
      }),
  };
}

async function readLock(path: string): Promise<Readonly<Record<string, string>>> {
  const text = await readInside(dirname(path), basename(path), { maxBytes });
  try {
    return LockContent.parse(JSON.parse(text?.toString('utf8') ?? '{}'));
  } catch (cause) {
    throw new UserError('recipe.lock', `${path}: expected a JSON object of address: "sha256:HEX"`, { cause });
  }
}

async function writeLock(path: string, content: Readonly<Record<string, string>>): Promise<void> {
  const sorted = Object.fromEntries(Object.entries(content).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  await writeFileAtomically(path, `${path}.${randomUUID()}.partial`, `${JSON.stringify(sorted, null, 2)}\n`);
}
