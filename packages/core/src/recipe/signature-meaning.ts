import type { Problem } from '../diagnostics/problem.ts';
import { sumsOf } from '../fetch/integrity/integrity.ts';
import { isAddress } from '../fetch/signature/openpgp-keys.ts';
import { signedBy } from '../fetch/signature/prove-signature.ts';
import type { Recipe } from './schema.ts';

/** What a schema cannot see in signatures: what they sign must be there, and whose they are must be known. */
export function signatureProblems(recipe: Recipe): Problem[] {
  return recipe.artifacts.flatMap(({ integrity, signature }, index): Problem[] => {
    const path = ['artifacts', index];
    const signs = signature === undefined ? undefined : signedBy(signature);
    if (integrity === 'signature' && signs !== 'artifact') {
      const got = signs === undefined ? 'none' : 'one of a file of sums';
      return [
        { path: [...path, 'integrity'], text: `expected a signature of the artifact beside it, got ${got}` },
      ];
    }
    if (signature === undefined) return [];
    if (typeof integrity === 'object' && 'none' in integrity) {
      const text = 'expected "signature", as there is one beside it, got {none}';
      return [{ path: [...path, 'integrity'], text }];
    }
    if (signs === 'sums' && sumsOf(integrity) === undefined) {
      const text = 'expected {sums} or {from} as integrity, which it signs, got another kind';
      return [{ path: [...path, 'signature'], text }];
    }
    if ('keys' in signature && isAddress(signature.keys) && signature.signer === undefined) {
      const text = 'expected the fingerprint of the key that counts: keys come from an address, got none';
      return [{ path: [...path, 'signature', 'signer'], text }];
    }
    return [];
  });
}
