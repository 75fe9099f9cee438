import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { loadRecipeBook } from '@bakery/core/src/recipe/recipe-book.ts';
import { parseReleaseList } from '@bakery/core/src/release/check/release-list.ts';
import { formVersion } from '@bakery/core/src/versions/normalise.ts';
import { isPrerelease } from '@bakery/core/src/versions/prerelease.ts';
import { inRange } from '@bakery/core/src/versions/range.ts';
import { readExamples } from './sample-version.ts';

const root = join(import.meta.dirname, '../../..');
const book = await loadRecipeBook([join(root, 'recipes')]);
const examples = Object.entries(await readExamples(root));
const list = parseReleaseList(
  await readFile(join(root, 'release_build_versions.txt'), 'utf8'),
  'release_build_versions.txt',
);

it.each(examples)('the example of %s, %s, is a version that its recipe admits', async (name, version) => {
  const { versions } = (await book.find(name)).recipe;
  expect(formVersion(name, version, versions)).toBe(version);
  expect(versions.range === undefined || inRange(version, versions.range)).toBe(true);
  expect(versions.prereleases || !isPrerelease(version)).toBe(true);
});

it('no example stands where the release list pins a version, which comes first', () => {
  const pinned = new Set(list.flatMap((entry) => (entry.version === 'latest' ? [] : [entry.name])));
  expect(examples.filter(([name]) => pinned.has(name))).toEqual([]);
});
