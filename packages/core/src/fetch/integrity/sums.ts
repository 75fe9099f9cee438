import { z } from 'zod';
import { nearNames } from '../../diagnostics/near-names.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import { sidecarAddress } from '../../language/address.ts';
import { baseName } from '../../language/address.ts';
import { templated } from '../../language/slots.ts';
import type { Expected } from '../hashing.ts';
import { withoutArmour } from './clear-signed.ts';
import type { Expectation, IntegrityContext } from './expectation.ts';
import { integrityKind } from './integrity-kind.ts';
import { parseSumLine, type SumLine } from './sum-line.ts';

/** A file of many sums at `sums`; the entry is named like the artifact unless `name` says otherwise. */
export const sumsIntegrity = integrityKind({
  kind: 'sums',
  form: '{sums}',
  schema: z
    .strictObject({ sums: sidecarAddress(), name: templated(z.string().min(1), 'proof').optional() })
    .describe('A checksum file with many entries; name is that of the entry, if not the artifact’s.')
    .transform((value) => ({ kind: 'sums' as const, ...value })),
  expect: expectSums,
  sums: ({ sums }) => sums,
});

async function expectSums(
  { sums, name }: { readonly sums: string; readonly name?: string | undefined },
  { url, documents }: IntegrityContext,
): Promise<Expectation> {
  const text = await documents.read(sums);
  if (text === undefined)
    throw new UserError('fetch.no-hash', `${url}: expected its hash in ${sums}, got no such file`);
  return { kind: 'hash', expected: findSum(text, name ?? baseName(url), sums) };
}

/** The strongest hash of exactly `name`; `source` is the address of the text. */
export function findSum(text: string, name: string, source: string): Expected {
  const entries = parseSums(text);
  const mine = entries.filter((entry) => entry.name === name);
  if (mine.length === 0) throw noEntry(entries, name, source);
  for (const algorithm of ['sha512', 'sha384', 'sha256'] as const) {
    const [hex, ...others] = new Set(
      mine.filter((entry) => entry.algorithm === algorithm).map((entry) => entry.hex),
    );
    if (hex === undefined) continue;
    if (others.length === 0) return { algorithm, hex, source };
    throw new UserError(
      'fetch.unreadable-hash',
      `${source}: expected one ${algorithm} for "${name}", got ${others.length + 1} that differ: ${[hex, ...others].join(', ')}`,
    );
  }
  throw new UserError(
    'fetch.no-hash',
    `${source}: expected a sha256 or sha512 for "${name}", got only weaker hashes`,
  );
}

/** Every line that has a hash and a name; comments, armour and headings are left out. */
export function parseSums(text: string): (SumLine & { readonly name: string })[] {
  return withoutArmour(text)
    .split('\n')
    .flatMap((line) => {
      const entry = parseSumLine(line);
      return entry?.name === undefined ? [] : [{ ...entry, name: entry.name }];
    });
}

function noEntry(entries: readonly { readonly name: string }[], name: string, source: string): UserError {
  const near = nearNames(
    name,
    entries.map((entry) => entry.name),
  );
  const got = near.length === 0 ? 'no entry at all' : near.map((each) => JSON.stringify(each)).join(', ');
  return new UserError(
    'fetch.no-hash',
    `${source}: expected an entry for ${JSON.stringify(name)}, got ${got}`,
  );
}
