import { expect, it } from '@jest/globals';
import { openFakeStore, repository } from '../../../testing/fake-store.ts';
import { manifest } from '../../../testing/sample-releases.ts';
import { sampleSigner } from '../../../testing/sample-signer.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { FeedSigner } from '../../signing/feed-signer.ts';
import { indexDays, warnOfDays } from '../history/index-days.ts';
import { updateMetadata } from '../metadata/update-metadata.ts';

/** Knows but one recipe, which cannot be read. */
const recipeBook: RecipeBook = {
  names: ['beta'],
  folder: (name) => (name === 'beta' ? '/recipes/beta' : undefined),
  find: () => Promise.reject(new UserError('recipe.invalid', 'not today')),
};
const image = 'beta-1.0.0-x86-64.raw';
const own = [manifest(image), { name: 'beta.conf', text: 'as it was' }, { name: 'mine.txt', text: 'mine' }];
const start = Date.parse('2030-03-01T12:00Z');

it('keeps every day of a feed in view, also of what nobody asks for and whose recipe is broken', async () => {
  await using bench = await openFakeStore({
    releases: [
      { tag: 'alpha-1.0.0', assets: [{ name: 'alpha-1.0.0-x86-64.raw' }] },
      { tag: 'beta-1.0.0', assets: [{ name: image }] },
      { tag: 'beta', name: 'All of beta', body: 'Its notes.', assets: own },
    ],
  });
  const { fake } = bench;
  let night = 0;
  const bestBefore = { days: 30, now: () => start + night * 86_400_000 };
  const update = (asked: readonly string[], signer: FeedSigner = { ...sampleSigner, bestBefore }) => {
    const target = { store: bench.store(), hub: undefined, recipeBook, signer: async () => signer };
    return updateMetadata(asked, target);
  };
  const days = () => indexDays(bench.store(), []);

  await update(['alpha']);
  expect(await days()).toEqual(all('2030-03-31'));
  expect(warnOfDays(await days(), bestBefore.now())).toBeUndefined();
  const beta = fake.releases(repository).find(({ tag }) => tag === 'beta');
  expect(beta).toMatchObject({ name: 'All of beta', body: 'Its notes.' });
  expect(await Promise.all(['beta.conf', 'mine.txt'].map((name) => read('beta', name)))).toEqual([
    'as it was',
    'mine',
  ]);

  night = 6;
  expect((await update(['alpha'])).written).toEqual([]);

  // A run was killed between a manifest and its signature.
  const [release] = await bench.store().releases(['beta']);
  const others = (release?.assets ?? []).filter(({ name }) => name !== 'SHA256SUMS.gpg');
  const links = others.map((asset) => ({ name: asset.name, from: { tag: 'beta', asset } }));
  const assets = [...links, { name: 'SHA256SUMS.gpg', text: 'of the manifest before' }];
  await bench.store().replace('beta', async () => ({ newest: false, assets }));
  expect((await update(['alpha'])).written).toEqual(['beta']);
  expect(await read('beta', 'SHA256SUMS.gpg')).toBe(`signature of ${await read('beta', 'SHA256SUMS')}`);

  night = 7;
  const { written, failures } = await update(['alpha', 'beta']);
  expect(written.toSorted()).toEqual(['SHA256SUMS', 'alpha', 'beta']);
  expect(failures.map(({ name, error }) => [name, error.message])).toEqual([['beta', 'not today']]);
  expect(await days()).toEqual(all('2030-04-07'));

  expect((await update(['alpha'], sampleSigner)).written.toSorted()).toEqual(['SHA256SUMS', 'alpha', 'beta']);
  expect(await days()).toEqual([]);
  expect(await read('beta', 'SHA256SUMS')).toBe(own[0]?.text);
  expect(fake.violations()).toEqual([]);

  async function read(tag: string, name: string): Promise<string> {
    return (await fake.read(repository, tag, name)).toString();
  }
});

it.each([
  [0, undefined],
  [23, undefined],
  [24, 'that of alpha and 1 more from 2030-03-31 on'],
  [29, 'that of alpha and 2 more from 2030-03-31 on'],
  [30.5, 'that of alpha and 2 more since 2030-03-31'],
])('warns of a day that was not renewed, %d days after it was', (night, said) => {
  const days = [...all('2030-03-31').slice(0, 2), { tag: 'SHA256SUMS', day: '2030-04-05' }];
  const warning = warnOfDays(days, start + night * 86_400_000);
  if (said === undefined) expect(warning).toBeUndefined();
  else expect(warning).toContain(said);
});

function all(day: string) {
  return ['alpha', 'beta', 'SHA256SUMS'].map((tag) => ({ tag, day }));
}
