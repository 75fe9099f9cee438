import { expect, it } from '@jest/globals';
import { openFakeStore, repository } from '../../../testing/fake-store.ts';
import { contents, metadata, text } from '../../../testing/sample-releases.ts';
import type { MetadataAsset, Store } from '../store.ts';

const count = 40;
const images = Array.from({ length: count }, (_, n) => `a-${n}.raw`);
const versions = { tag: 'a-1', assets: images.map((name) => ({ name, text: name })) };
const index = { tag: 'a', name: 'a', body: 'index', assets: [{ name: 'SHA256SUMS', text: 'old' }] };

function indexOf(store: Store) {
  return async () => {
    const [release] = await store.releases(['a-1']);
    const linked = (release?.assets ?? []).map((asset): MetadataAsset => ({
      name: asset.name,
      from: { tag: 'a-1', asset },
    }));
    return metadata(...linked, text('SHA256SUMS', 'new'));
  };
}

it.each([
  { what: 'an index that is there', releases: [versions, index], before: 'old' },
  { what: 'an index that is not', releases: [versions], before: undefined },
])('writes $what hour by hour, and hosts read nothing half done', async ({ releases, before }) => {
  let now = Date.now();
  const limits = { core: 60 };
  await using place = await openFakeStore({ releases }, { clock: () => now, limits });
  const left: number[] = [];
  for (let hour = 0; hour < 9; hour++) {
    const store = place.store();
    const outcome = await store.replace('a', indexOf(store));
    if (typeof outcome === 'string') {
      expect(outcome).toBe('written');
      break;
    }
    expect(outcome.until).toBeGreaterThan(now);
    left.push(outcome.files);
    expect(place.fake.releases(repository).filter((release) => release.draft)).toEqual([]);
    const manifest = place.fake
      .releases(repository)
      .find(({ tag }) => tag === 'a')
      ?.assets.find(({ name }) => name === 'SHA256SUMS');
    expect(manifest?.size).toBe(before?.length);
    now += 3_700_000;
  }
  expect(left.length).toBeGreaterThanOrEqual(2);
  expect(left).toEqual(left.toSorted((a, b) => b - a));
  now += 3_700_000;
  expect(Object.keys(await contents(place.store(), 'a'))).toHaveLength(count + 1);
  expect(await place.store().read('a', 'SHA256SUMS')).toBe('new');
  expect(place.fake.violations()).toEqual([]);
});
