import type { z } from 'zod';
import { kindOf, oneOf } from '../../language/kinds.ts';
import type { Expectation, IntegrityContext } from './expectation.ts';
import { githubIntegrity } from './github.ts';
import type { IntegrityKind } from './integrity-kind.ts';
import { hashIntegrity, literalIntegrity } from './literal.ts';
import { lockIntegrity } from './lock.ts';
import { noIntegrity } from './none.ts';
import { npmIntegrity } from './npm.ts';
import { sidecarIntegrity } from './sidecar.ts';
import { signatureIntegrity } from './signature.ts';
import { sumsIntegrity } from './sums.ts';

/** A new kind is one file here and one line in this list. */
const all = [
  sidecarIntegrity,
  sumsIntegrity,
  npmIntegrity,
  githubIntegrity,
  signatureIntegrity,
  hashIntegrity,
  literalIntegrity,
  lockIntegrity,
  noIntegrity,
] as const;

/** How the bytes of an artifact are proved. Never optional by silence. */
export const Integrity = oneOf(all);
export type Integrity = z.infer<typeof Integrity>;

const kinds: readonly IntegrityKind<Integrity>[] = all;

/** Asks whoever the recipe names what the bytes must be. */
export async function expectHash(integrity: Integrity, context: IntegrityContext): Promise<Expectation> {
  return kindOf(kinds, integrity).expect(integrity, context);
}

/** Address of the file that holds the hash, when there is one. */
export function sumsOf(integrity: Integrity): string | undefined {
  return kindOf(kinds, integrity).sums?.(integrity);
}

/** What is wrong with it beside the template of an artifact’s address, if anything. */
export function integrityProblem(integrity: Integrity, url: string): string | undefined {
  return kindOf(kinds, integrity).problem?.(url);
}
