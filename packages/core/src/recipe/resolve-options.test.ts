import { expect, it } from '@jest/globals';
import type { VersionSource } from '../versions/sources/sources.ts';
import { parseRecipe } from './load.ts';
import { resolveOptions } from './resolve-options.ts';

const { recipe } = parseRecipe(
  `recipe: 1
name: demo
summary: A demo
homepage: https://example.org/
license: MIT
versions: { from: pinned, versions: [1.0.0] }
arch: { x86-64: amd64 }
options:
  token: { help: A token., required: true }
  part: { help: A part., values: [a, b] }
  kind: { help: A kind., values: [x, y], default: x }
  runc:
    help: runc
    default: { from: http, url: 'https://e.org/v{version}/{arch}/runc', regex: ^(.*) }
`,
  'demo/recipe.yaml',
);
const asked: VersionSource[] = [];
const newest = async (source: VersionSource): Promise<string> => {
  asked.push(source);
  return 'v1.3.3';
};

it('takes what is given, then defaults, then asks the source for this version', async () => {
  const options = await resolveOptions(recipe, '2.0.0', { token: 't', kind: 'y' }, newest);
  expect(options).toEqual({ token: 't', part: '', kind: 'y', runc: 'v1.3.3' });
  expect(asked).toMatchObject([{ url: 'https://e.org/v2.0.0/{arch}/runc' }]);
});

it('asks no source for an option that is given', async () => {
  asked.length = 0;
  await resolveOptions(recipe, '2.0.0', { token: 't', runc: 'v1' }, newest);
  expect(asked).toEqual([]);
});

it.each([
  [{}, 'demo: option token: expected a value, got none'],
  [{ token: '' }, 'demo: option token: expected a value, got none'],
  [{ token: 't', nope: 'x' }, 'demo: option nope: expected one of token, part, kind, runc'],
  [{ token: 't', part: 'c' }, 'demo: option part: expected one of a, b, got "c"'],
  [{ token: 't', kind: '' }, 'demo: option kind: expected one of x, y, got ""'],
  [{ token: 'a b' }, 'demo: option token: expected letters, digits and any of'],
  [{ token: 'a\n' }, 'demo: option token: expected letters, digits and any of'],
  [{ token: 't', constructor: 'x' }, 'demo: option constructor: expected one of'],
])('refuses %j', async (given, problem) => {
  await expect(resolveOptions(recipe, '2.0.0', given, newest)).rejects.toThrow(problem);
});

it('takes "" for an option that may be unset', async () => {
  expect(await resolveOptions(recipe, '2.0.0', { token: 't', part: '' }, newest)).toMatchObject({ part: '' });
});
