import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { Arch } from '../../names/arch.ts';
import { algorithmOf, type Expected, hashAlgorithms } from '../hashing.ts';
import { integrityKind } from './integrity-kind.ts';

/** `sha256:HEX`, `sha512:HEX` or a Subresource Integrity string as npm prints it. */
const LiteralHash = z
  .string()
  .regex(/^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}|sha(256|384|512)-[A-Za-z0-9+/]+=*)$/, {
    error: 'expected sha256:HEX, sha512:HEX or a Subresource Integrity string',
    abort: true, // so that the union of all kinds says all that is allowed
  });

/** A hash the recipe holds itself. */
export const hashIntegrity = integrityKind({
  kind: 'hash',
  form: 'sha256:HEX',
  schema: LiteralHash.describe('A literal hash.').transform((hash) => ({
    kind: 'hash' as const,
    hash,
  })),
  expect: ({ hash }) => ({ kind: 'hash', expected: parseHash(hash, 'the recipe') }),
});

/** Hashes the recipe holds itself, one per arch. */
export const literalIntegrity = integrityKind({
  kind: 'literal',
  form: '{literal}',
  schema: z
    .strictObject({ literal: z.partialRecord(Arch, LiteralHash) })
    .describe('A hash per architecture.')
    .transform(({ literal }) => ({ kind: 'literal' as const, hashes: literal })),
  expect: ({ hashes }, { arch, url }) => {
    const hash = hashes[arch];
    if (hash === undefined)
      throw new UserError('fetch.no-hash', `${url}: expected a literal hash for ${arch}, got none`);
    return { kind: 'hash', expected: parseHash(hash, 'the recipe') };
  },
});

/** Reads `sha256:HEX`, `sha512:HEX` or a Subresource Integrity string, of which the strongest hash counts. */
export function parseHash(text: string, source: string): Expected {
  const hashes = text.split(/\s+/).flatMap((each) => parseOne(each, source));
  const strongest = hashes.toSorted((a, b) => b.hex.length - a.hex.length)[0];
  if (strongest === undefined) {
    throw new UserError(
      'recipe.invalid',
      `${source}: expected sha256, sha384 or sha512, got ${JSON.stringify(text.slice(0, 150))}`,
    );
  }
  const rivals = hashes.filter(
    ({ algorithm, hex }) => algorithm === strongest.algorithm && hex !== strongest.hex,
  );
  if (rivals.length === 0) return strongest;
  throw new UserError(
    'recipe.invalid',
    `${source}: expected one ${strongest.algorithm}, got several: ${JSON.stringify(text)}`,
  );
}

function parseOne(text: string, source: string): Expected[] {
  const match = /^(sha256|sha384|sha512)(?::([0-9a-f]+)|-([A-Za-z0-9+/]+=*)(?:\?.*)?)$/.exec(text);
  const algorithm = hashAlgorithms.find((each) => each === match?.[1]);
  const hex = match?.[2] ?? Buffer.from(match?.[3] ?? '', 'base64').toString('hex');
  return algorithm !== undefined && algorithmOf(hex) === algorithm ? [{ algorithm, hex, source }] : [];
}
