import { expect, it } from '@jest/globals';
import { parseRecipe } from './load.ts';
import type { Recipe } from './schema.ts';

function parse(lines: string): Recipe {
  const text = `recipe: 1
name: demo
summary: A demo
homepage: https://example.org/
license: MIT
versions: { from: pinned, versions: [1.0.0] }
arch: { x86-64: amd64, arm64: arm64 }
artifacts:
  - url: https://example.org/{version}/demo-{arch}
    ${lines}
    place: /usr/bin/demo
`;
  return parseRecipe(text, 'recipes/demo/recipe.yaml').recipe;
}

it.each([
  [
    'integrity: signature',
    '10:5 artifacts[0].integrity: expected a signature of the artifact beside it, got none',
  ],
  [
    "integrity: { none: why }\n    signature: { openpgp: '{url}.asc', keys: k }",
    '10:5 artifacts[0].integrity: expected "signature", as there is one beside it, got {none}',
  ],
  [
    "integrity: signature\n    signature: { openpgp: '{url}.asc', keys: k, signs: sums }",
    '10:5 artifacts[0].integrity: expected a signature of the artifact beside it, got one of a file of sums',
  ],
  [
    "integrity: github\n    signature: { openpgp: '{url}.asc', keys: k, signs: sums }",
    '11:5 artifacts[0].signature: expected {sums} or {from} as integrity, which it signs, got another kind',
  ],
  [
    "integrity: signature\n    signature: { openpgp: '{url}.asc', keys: https://example.org/k }",
    '11:5 artifacts[0].signature.signer: expected the fingerprint of the key that counts: keys come from an address, got none',
  ],
  [
    "integrity: signature\n    signature: { openpgp: '{url}.asc', keys: http://example.org/k }",
    '11:40 artifacts[0].signature.keys: expected a file in the recipe’s folder or the address of one, https://…, got "http://example.org/k"',
  ],
  [
    "integrity: signature\n    signature: { openpgp: '{url}.asc', keys: k, signer: 72D7468F }",
    'artifacts[0].signature.signer: expected the 40 hexadecimal digits of a fingerprint, got "72D7468F"',
  ],
  [
    "integrity: signature\n    signature: { openpgp: '{url}.asc', keys: 'https://{arch}.example.org/k' }",
    'artifacts[0].signature.keys: expected a file in the recipe’s folder or the address of one, https://…',
  ],
  [
    "integrity: signature\n    signature: { gpg: '{url}.asc' }",
    'artifacts[0].signature: expected {openpgp, keys}, {clear-signed, keys}, {cosign, key}, {cosign, identity, issuer}, {cosign, certificate, identity, issuer} or {attestation}',
  ],
])('refuses %s', (lines, problem) => {
  expect(() => parse(lines)).toThrow(problem);
});

it('takes fingerprints as people write them', () => {
  const signer = 'c874 011F 0AB4 0511 0D02 1055 3436 5D94 72D7 468F';
  const { artifacts } = parse(
    `integrity: signature\n    signature: { openpgp: '{url}.asc', keys: https://example.org/k, signer: ${signer} }`,
  );
  expect(artifacts[0]?.signature).toMatchObject({
    signer: ['C874011F0AB405110D02105534365D9472D7468F'],
  });
});
