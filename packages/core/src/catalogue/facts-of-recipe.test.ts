import { expect, it } from '@jest/globals';
import { parseRecipe } from '../recipe/load.ts';
import { factsOfRecipe } from './facts-of-recipe.ts';

const head = `recipe: 1
name: tool
summary: x
homepage: https://example.org/
license: MIT
versions: { from: pinned, versions: ['1.0'] }
arch: { x86-64: amd64 }
`;
const script = `script: { image: 'docker.io/library/debian@sha256:${'a'.repeat(64)}', file: make.sh`;

it.each([
  [`build: [{ ${script} } }]`, ['make.sh']],
  [`build: [{ ${script}, network: false } }]`, undefined],
  ['', undefined],
])('tells of scripts whose downloads nobody checks: %s', (build, unproved) => {
  const { recipe } = parseRecipe(`${head}${build}\n`, 'recipe.yaml');
  expect(factsOfRecipe(recipe).unproved).toEqual(unproved);
});
