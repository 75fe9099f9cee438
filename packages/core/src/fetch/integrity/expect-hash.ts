import type { Expectation, IntegrityContext } from './expectation.ts';
import { expectGithub } from './github.ts';
import type { Integrity } from './integrity.ts';
import { expectLiteral } from './literal.ts';
import { expectLock } from './lock.ts';
import { expectNothing } from './none.ts';
import { expectNpm } from './npm.ts';
import { expectSidecar } from './sidecar.ts';
import { expectSums } from './sums.ts';

/** Asks whoever the recipe names what the bytes must be: one line a kind of `Integrity`. */
export async function expectHash(integrity: Integrity, context: IntegrityContext): Promise<Expectation> {
  if (integrity === 'npm') return expectNpm(context);
  if (integrity === 'github') return expectGithub(context);
  if (integrity === 'signature') return { kind: 'signature' };
  if (typeof integrity === 'string') return expectLiteral(integrity, context);
  if ('literal' in integrity) return expectLiteral(integrity.literal, context);
  if ('from' in integrity) return expectSidecar(integrity, context);
  if ('sums' in integrity) return expectSums(integrity, context);
  if ('lock' in integrity) return expectLock(integrity, context);
  return expectNothing(integrity);
}
