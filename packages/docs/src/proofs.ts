import type { Recipe } from '@bakery/core/recipe.ts';
import { conditionInWords } from './in-words.ts';
import { type UncheckedSignatures, uncheckedOf } from './unchecked-signatures.ts';

type Artifact = Recipe['artifacts'][number];
type BuildStep = Recipe['build'][number];

/** A line for whatever a recipe fetches: what upstream publishes to prove it, and what of that is checked. */
export function proofs(recipe: Recipe, unchecked: UncheckedSignatures): string[][] {
  return [...artifactProofs(recipe.artifacts, unchecked), ...recipe.build.flatMap(stepProofs)];
}

function artifactProofs(artifacts: readonly Artifact[], unchecked: UncheckedSignatures): string[][] {
  return artifacts.map((artifact) => [
    `\`${artifact.url}\`${conditionInWords(artifact)}`,
    hashInWords(artifact.integrity),
    signatureInWords(artifact, unchecked),
  ]);
}

function stepProofs(build: BuildStep): string[][] {
  if (build.kind === 'container') {
    return Object.values(build.step.sources ?? {}).flatMap((source) =>
      source.kind === 'git'
        ? [
            [
              `\`${source.git}\`${conditionInWords(build)}`,
              'git; the commit its tag stands for is recorded',
              'none is checked',
            ],
          ]
        : [],
    );
  }
  if (build.kind === 'script') {
    const { file, network } = build.step;
    if (!network) return [];
    return [
      [
        `whatever \`${file}\` fetches${conditionInWords(build)}`,
        '**nothing**: the bakery does not see it',
        'none is checked',
      ],
    ];
  }
  if (build.kind !== 'flix' && build.kind !== 'flatwrap') return [];
  const { root } = build.step;
  if (root.kind !== 'apt') return [];
  return [
    [
      `packages of Debian ${root.suite}${conditionInWords(build)}`,
      'apt, by Debian’s index',
      'OpenPGP over the index, by Debian’s keys',
    ],
  ];
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
