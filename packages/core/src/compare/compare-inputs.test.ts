import { expect, it } from '@jest/globals';
import type { ImageInputs } from '../provenance/inputs.ts';
import { compareInputs } from './compare-inputs.ts';

const image: ImageInputs = {
  file: 'tool-1.0-x86-64.raw',
  size: 1,
  sha256: 'a'.repeat(64),
  format: 'squashfs',
  tool: 'mksquashfs 4.6',
  epoch: 0,
  options: { plugin: 'on' },
  artifacts: [artifact('https://e.org/1.0/tool', 'b'), artifact('https://e.org/shared', 'c')],
};

it('puts artifacts of another version together in the order of the recipe', () => {
  const artifacts = [artifact('https://e.org/1.1/tool', 'd'), artifact('https://e.org/shared', 'e')];
  expect(compareInputs({ image }, { image: { ...image, artifacts } })).toEqual([
    {
      what: 'artifact https://e.org/shared',
      from: `sha256:${'c'.repeat(64)}`,
      to: `sha256:${'e'.repeat(64)}`,
    },
    { what: 'artifact', from: 'https://e.org/1.0/tool', to: 'https://e.org/1.1/tool' },
  ]);
});

it('names options, tools, libraries and build steps that differ, and what one side lacks', () => {
  const before = { ...image, libraries: { libzstd: '1.5.4' } };
  const after: ImageInputs = {
    ...image,
    options: {},
    tool: 'mksquashfs 4.7',
    libraries: { libzstd: '1.5.7' },
    builds: [{ step: 'container', suite: 'trixie', packages: ['libc6 2.41'] }],
  };
  expect(compareInputs({ image: before }, { image: after })).toEqual([
    { what: 'option plugin', from: 'on' },
    { what: 'tool', from: 'mksquashfs 4.6', to: 'mksquashfs 4.7' },
    { what: 'suite', to: 'trixie' },
    { what: 'package libc6', to: '2.41' },
    { what: 'libzstd', from: '1.5.4', to: '1.5.7' },
  ]);
});

it('says nothing of what one record is too old to know', () => {
  const packing = { compression: 'zstd', level: 15 };
  const version = { recipe: { sha256: 'f'.repeat(64) } };
  expect(compareInputs({ image }, { image: { ...image, packing }, version })).toEqual([]);
});

it('knows a recipe by its commit, else by its hash', () => {
  const commit = '1'.repeat(40);
  const from = { image, version: { recipe: { sha256: 'f'.repeat(64) } } };
  const to = { image, version: { recipe: { sha256: 'f'.repeat(64), commit }, bakery: { version: '1.0.0' } } };
  expect(compareInputs(from, to)).toEqual([
    { what: 'recipe', from: `sha256:${'f'.repeat(64)}`, to: commit },
    { what: 'bakery', to: '1.0.0' },
  ]);
});

function artifact(url: string, digit: string): ImageInputs['artifacts'][number] {
  return { url, size: 1, sha256: digit.repeat(64), proved: 'by a test' };
}
