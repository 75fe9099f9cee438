import type { Proof } from './fetched.ts';

/** One line for people and for the record. */
export function showProof(proof: Proof): string {
  if (proof.kind === 'none') return `not at all (${proof.reason})`;
  if (proof.kind === 'signature') return 'by its signature';
  if (proof.kind === 'lock') return `sha256:${proof.sha256} as first seen (${proof.reason})`;
  return `${proof.algorithm}:${proof.hex} from ${proof.source}`;
}
