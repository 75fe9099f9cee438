import { expect, it } from '@jest/globals';
import { parseRecipe } from '@bakery/core/src/recipe/load.ts';
import { proofs } from './proofs.ts';

const head = `recipe: 1
name: tool
summary: x
homepage: https://example.org/
license: MIT
versions: { from: pinned, versions: ['1.0'] }
arch: { x86-64: amd64 }
build:
  - if: { plain: yes }
    script: { image: 'docker.io/library/debian@sha256:${'a'.repeat(64)}'`;

it('says that nothing proves what a script fetches', () => {
  const { recipe } = parseRecipe(
    `${head} }\noptions: { plain: { help: X, default: 'no' } }\n`,
    'recipe.yaml',
  );
  expect(proofs(recipe, {})).toEqual([
    [
      expect.stringMatching(/^whatever `create\.sh` fetches .*plain/),
      '**nothing**: the bakery does not see it',
      'none is checked',
    ],
  ]);
});

it('says nothing of a script without a network', () => {
  const text = `${head}, network: false }\noptions: { plain: { help: X, default: 'no' } }\n`;
  expect(proofs(parseRecipe(text, 'recipe.yaml').recipe, {})).toEqual([]);
});
