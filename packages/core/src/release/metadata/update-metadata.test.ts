import { mkdtempDisposable, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openFakeStore, repository } from '../../../testing/fake-store.ts';
import { indexOf, manifest, newRelease } from '../../../testing/sample-releases.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import { directoryStore } from '../../store/directory.ts';
import { publishedExtensions } from '../history/published-versions.ts';
import { updateMetadata } from './update-metadata.ts';

const names = ['alpha', 'alpha-tools', 'beta'];

it('asks for many extensions with the requests of one, and goes on when one fails', async () => {
  await using bench = await openFakeStore({
    releases: names.flatMap((name) => ['1.0.0', '1.1.0'].map((version) => versionOf(name, version))),
  });
  const update = () => updateMetadata(names, { store: bench.store(), hub: undefined, recipeBook });

  const first = await update();
  expect(first.written).toEqual(['alpha', 'alpha-tools', 'SHA256SUMS']);
  expect(first.failures.map(({ name, error }) => [name, error.message])).toEqual([['beta', 'not today']]);
  const sums = await bench.fake.read(repository, 'alpha', 'SHA256SUMS');
  expect(sums.toString().match(/\S+\.raw/g)).toEqual(['alpha-1.0.0-x86-64.raw', 'alpha-1.1.0-x86-64.raw']);

  bench.fake.clearLog();
  expect((await update()).written).toEqual([]);
  expect(bench.fake.reads(['api', 'graphql'])).toEqual(
    new Map([
      ['GET /repos/{owner}/{repo}/git/matching-refs/{ref}', 2],
      ['GET /repos/{owner}/{repo}/releases/latest', 1],
      ['GET /repos/{owner}/{repo}/releases/tags/{tag}', 1],
      ['POST /graphql', 3],
    ]),
  );
  expect(bench.fake.violations()).toEqual([]);
});

it('leaves all of it to the next run where GitHub takes no more from the first request on', async () => {
  const seed = { releases: [versionOf('alpha', '1.0.0')] };
  await using bench = await openFakeStore(seed, { limits: { core: 0 } });
  const { written, postponed, failures } = await updateMetadata(['alpha'], {
    store: bench.store(),
    hub: undefined,
    recipeBook,
  });
  expect([written, failures]).toEqual([[], []]);
  expect(postponed.map(({ name }) => name)).toEqual(['alpha', 'SHA256SUMS']);
  expect(postponed[0]?.until).toBeGreaterThan(Date.now());
});

it('takes images that hosts no longer need out of the index and then out of the release', async () => {
  const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'];
  const [first, second, third, fourth] = versions.map((version) => versionOf('alpha', version));
  if (!first || !second || !third || !fourth) throw new Error('four versions');
  await using bench = await openFakeStore({ releases: [first, second, third] });
  const update = () => updateMetadata(['alpha'], { store: bench.store(), hub: undefined, recipeBook });
  const images = () =>
    bench.fake
      .releases(repository)
      .flatMap(({ tag, assets }) => (tag === 'alpha' ? assets.map(({ name }) => name) : []))
      .filter((name) => name.endsWith('.raw'))
      .toSorted();
  await update();
  expect(images()).toEqual(['1.0.0', '1.1.0', '1.2.0'].map((version) => `alpha-${version}-x86-64.raw`));

  bench.fake.addRelease(repository, fourth);
  expect((await update()).failures).toEqual([]);
  const kept = ['1.1.0', '1.2.0', '1.3.0'].map((version) => `alpha-${version}-x86-64.raw`);
  expect(images()).toEqual(kept);
  const sums = await bench.fake.read(repository, 'alpha', 'SHA256SUMS');
  expect(sums.toString().match(/\S+\.raw/g)).toEqual(kept);
});

it('is asked of an extension too whose last release was deleted by hand, and offers it no more', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'metadata-'));
  const store = directoryStore(folder.path, 'http://127.0.0.1:8080');
  const context = { store, hub: undefined, recipeBook: { ...recipeBook, names: ['alpha'] } };
  await using release = await newRelease('alpha-1.0.0', { 'alpha-1.0.0-x86-64.raw': 'image' });
  await store.publish(release);
  await updateMetadata(['alpha'], context);
  await rm(join(folder.path, 'alpha-1.0.0'), { recursive: true });

  const asked = await publishedExtensions({ store, names: ['alpha', 'beta'] });
  expect(asked).toEqual(['alpha']);
  expect((await updateMetadata(asked, context)).written).toEqual(['alpha', 'SHA256SUMS']);
  expect(await readFile(join(folder.path, 'alpha/SHA256SUMS'), 'utf8')).toMatch(
    /^\w+ {2}alpha.withdrawn.json\n$/,
  );
});

it('tells of an index that cannot be read, and of what it did all the same', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'metadata-'));
  const store = directoryStore(folder.path, 'http://127.0.0.1:8080');
  await using release = await newRelease('alpha-1.0.0', { 'alpha-1.0.0-x86-64.raw': 'image' });
  await store.publish(release);
  await store.replace('beta', indexOf(manifest('beta-1.0.0-x86-64.raw')));
  await writeFile(join(folder.path, 'beta/SHA256SUMS'), 'no manifest');
  const { written, failures } = await updateMetadata(['alpha'], { store, hub: undefined, recipeBook });
  expect(written).toEqual(['alpha']);
  expect(failures.map(({ name }) => name)).toEqual(['SHA256SUMS']);
  expect(failures[0]?.error.message).toContain('beta/SHA256SUMS');
  expect(failures[0]?.error.hint).toContain('bakery metadata beta');
});

/** Knows but one recipe, which cannot be read. */
const recipeBook: RecipeBook = {
  names: ['beta'],
  folder: (name) => (name === 'beta' ? '/recipes/beta' : undefined),
  find: () => Promise.reject(new UserError('recipe.invalid', 'not today')),
};

function versionOf(name: string, version: string) {
  const tag = `${name}-${version}`;
  return { tag, assets: [{ name: `${tag}-x86-64.raw` }] };
}
