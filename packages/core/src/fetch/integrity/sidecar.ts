import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { sidecarAddress } from '../../language/address.ts';
import { baseName } from '../../language/address.ts';
import type { Expected } from '../hashing.ts';
import { withoutArmour } from './clear-signed.ts';
import type { Expectation, IntegrityContext } from './expectation.ts';
import { integrityKind } from './integrity-kind.ts';
import { parseSumLine } from './sum-line.ts';

/** A small file at `from` that holds the hash of this one artifact. */
export const sidecarIntegrity = integrityKind({
  kind: 'sidecar',
  form: '{from}',
  schema: z
    .strictObject({ from: sidecarAddress() })
    .describe('A sidecar file: a bare hash, or one "HASH  NAME" line.')
    .transform(({ from }) => ({ kind: 'sidecar' as const, from })),
  expect: expectSidecar,
  sums: ({ from }) => from,
});

async function expectSidecar(
  { from }: { readonly from: string },
  { url, documents }: IntegrityContext,
): Promise<Expectation> {
  const text = await documents.read(from);
  if (text === undefined)
    throw new UserError('fetch.no-hash', `${url}: expected its hash in ${from}, got no such file`);
  return { kind: 'hash', expected: parseSidecar(text, baseName(url), from) };
}

/** Reads a bare hash or one line with the artifact's name; `source` is the address of the text. */
export function parseSidecar(text: string, name: string, source: string): Expected {
  const lines = withoutArmour(text.replace(/^\uFEFF/, ''))
    .split('\n')
    .filter((line) => line.trim() !== '');
  const [line = ''] = lines;
  if (lines.length !== 1) {
    throw new UserError(
      'fetch.unreadable-hash',
      `${source}: expected one line with the hash of "${name}", got ${lines.length} lines`,
      {
        hint: 'a file with many sums is read by {sums}',
      },
    );
  }
  const entry = parseSumLine(line);
  if (entry?.algorithm === undefined) {
    throw new UserError(
      'fetch.unreadable-hash',
      `${source}: expected a sha256 or sha512 hash, got ${JSON.stringify(line.slice(0, 100))}`,
    );
  }
  if (entry.name !== undefined && entry.name.split('/').at(-1) !== name) {
    throw new UserError(
      'fetch.unreadable-hash',
      `${source}: expected the hash of "${name}", got that of ${JSON.stringify(entry.name)}`,
    );
  }
  return { algorithm: entry.algorithm, hex: entry.hex, source };
}
