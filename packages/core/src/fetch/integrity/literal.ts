import { UserError } from '../../diagnostics/user-error.ts';
import type { Arch } from '../../names/arch.ts';
import { algorithmOf, type Expected, hashAlgorithms } from '../hashing.ts';
import type { Expectation, IntegrityContext } from './expectation.ts';

/** A hash the recipe holds itself, one for all or one per arch. */
export function expectLiteral(
  literal: string | Readonly<Partial<Record<Arch, string>>>,
  { arch, url }: IntegrityContext,
): Expectation {
  const text = typeof literal === 'string' ? literal : literal[arch];
  if (text === undefined) throw new UserError(`${url}: expected a literal hash for ${arch}, got none`);
  return { kind: 'hash', expected: parseHash(text, 'the recipe') };
}

/** Reads `sha256:HEX`, `sha512:HEX` or a Subresource Integrity string, of which the strongest hash counts. */
export function parseHash(text: string, source: string): Expected {
  const hashes = text.split(/\s+/).flatMap((each) => parseOne(each, source));
  const strongest = hashes.toSorted((a, b) => b.hex.length - a.hex.length)[0];
  if (strongest === undefined) {
    throw new UserError(
      `${source}: expected sha256, sha384 or sha512, got ${JSON.stringify(text.slice(0, 150))}`,
    );
  }
  const rivals = hashes.filter(
    ({ algorithm, hex }) => algorithm === strongest.algorithm && hex !== strongest.hex,
  );
  if (rivals.length === 0) return strongest;
  throw new UserError(`${source}: expected one ${strongest.algorithm}, got several: ${JSON.stringify(text)}`);
}

function parseOne(text: string, source: string): Expected[] {
  const match = /^(sha256|sha384|sha512)(?::([0-9a-f]+)|-([A-Za-z0-9+/]+=*)(?:\?.*)?)$/.exec(text);
  const algorithm = hashAlgorithms.find((each) => each === match?.[1]);
  const hex = match?.[2] ?? Buffer.from(match?.[3] ?? '', 'base64').toString('hex');
  return algorithm !== undefined && algorithmOf(hex) === algorithm ? [{ algorithm, hex, source }] : [];
}
