import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { publishedBefore } from '@bakery/testbed/published-before.ts';
import { selectVersions } from '../versions/select.ts';
import type { VersionSource } from '../versions/sources/sources.ts';
import { loadRecipeBook } from './recipe-book.ts';

const folder = fileURLToPath(new URL('../../../../recipes', import.meta.url));
const book = await loadRecipeBook([folder]);
const published = [...(await publishedBefore(book.names))];

it('knows what was published of 35 extensions', () => {
  expect(published.length).toBe(35);
});

it.each(published)(
  '%s has the versions published before, or its README says which not',
  async (name, before) => {
    const { recipe } = await book.find(name);
    const readme = await readFile(join(folder, name, 'README.md'), 'utf8');
    const missing = before.filter((version) => !has(recipe.versions, version));
    // The first and the last, as in "v1.16.2 to v1.17.9".
    const untold = missing.filter(
      (version, index) => (index === 0 || index === missing.length - 1) && !readme.includes(version),
    );
    expect({ missing, untold }).toEqual({ missing, untold: [] });
  },
);

/** Whether a version would be published when upstream has it, with or without a "v". */
function has(source: VersionSource, version: string): boolean {
  return [version, `v${version}`].some((text) =>
    selectVersions([{ text, prerelease: false }], source).candidates.some((one) => one.text === version),
  );
}
