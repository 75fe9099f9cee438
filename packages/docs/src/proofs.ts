import type { Recipe } from '@bakery/core/recipe.ts';
import { conditionInWords } from './in-words.ts';
import { type UncheckedSignatures, uncheckedOf } from './unchecked-signatures.ts';

type Artifact = Recipe['artifacts'][number];

/** A line for every download of a recipe: what upstream publishes to prove it, and what of that is checked. */
export function proofs({ artifacts }: Recipe, unchecked: UncheckedSignatures): string[][] {
  return artifacts.map((artifact) => [
    `\`${artifact.url}\`${conditionInWords(artifact)}`,
    hashInWords(artifact.integrity),
    signatureInWords(artifact, unchecked),
  ]);
}

function hashInWords(integrity: Artifact['integrity']): string {
  switch (integrity.kind) {
    case 'sidecar':
      return 'the checksum beside it';
    case 'sums':
      return 'upstream’s file of checksums';
    case 'github':
      return 'the digest GitHub states';
    case 'npm':
      return 'the integrity npm states';
    case 'signature':
      return 'the signature';
    case 'hash':
    case 'literal':
      return 'a hash in the recipe';
    case 'lock':
      return `the hash of the first download: ${integrity.reason}`;
    case 'none':
  }
  return `**nothing**: ${integrity.reason}`;
}

function signatureInWords({ url, signature }: Artifact, unchecked: UncheckedSignatures): string {
  if (signature === undefined) {
    const offered = uncheckedOf(url, unchecked);
    return offered === undefined ? 'none is checked' : `none is checked; upstream has ${offered}`;
  }
  const what = signature.signs === 'sums' ? ' over the checksums' : '';
  switch (signature.kind) {
    case 'openpgp':
    case 'clear-signed':
      return `OpenPGP${what}`;
    case 'cosign-key':
      return `cosign, by a key in the recipe${what}`;
    case 'cosign-keyless':
    case 'cosign-certificate':
      return `cosign, by \`${signature.identity}\` (${signature.issuer})${what}`;
    case 'attestation':
  }
  return `GitHub’s attestation of ${signature.attestation}${what}`;
}
