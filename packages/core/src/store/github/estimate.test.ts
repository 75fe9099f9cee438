import { describe, expect, it } from '@jest/globals';
import type { FakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { openFakeStore } from '../../../testing/fake-store.ts';
import { metadata, newRelease, text } from '../../../testing/sample-releases.ts';
import type { MetadataAsset } from '../store.ts';
import { creations, estimateIndex, estimatePublish, hourly, type Cost } from './estimate.ts';

const upload = 'POST /repos/{owner}/{repo}/releases/{release_id}/assets';

/** What was asked for, counted as an estimate counts it. */
function spent(fake: FakeGithub): Cost {
  const of = (test: (route: string) => boolean) =>
    [...fake.requests(['api', 'uploads', 'graphql'])]
      .filter(([route]) => route !== 'GET /rate_limit' && test(route))
      .reduce((total, [, count]) => total + count, 0);
  return {
    queries: of((route) => route === 'POST /graphql'),
    reads: of((route) => route.startsWith('GET')),
    uploads: of((route) => route === upload),
    changes: of((route) => /^(POST|PATCH)/.test(route) && route !== upload && route !== 'POST /graphql'),
    deletions: of((route) => route.startsWith('DELETE')),
  };
}

function expectClose(true_: Cost, estimated: Cost): void {
  for (const count of [hourly, creations]) {
    expect(Math.abs(count(estimated) - count(true_))).toBeLessThanOrEqual(count(true_) * 0.1);
  }
  expect(estimated.queries).toBe(true_.queries);
}

describe('the estimate', () => {
  it.each([1, 6, 20])('of a version with %i files is what it takes: three requests more', async (count) => {
    await using place = await openFakeStore();
    const names = Array.from({ length: count }, (_, n) => `a-1-${n}.raw`);
    await using release = await newRelease('a-1', Object.fromEntries(names.map((name) => [name, name])));
    await place.store().publish(release);
    const true_ = spent(place.fake);
    expectClose(true_, estimatePublish(count));
    expect(Object.values(true_).reduce((sum, one) => sum + one)).toBe(count + 3);
  });

  it.each([
    { what: 'a new index', before: [], after: ['1'], sums: true },
    { what: 'a new index with many images', before: [], after: range(12), sums: true },
    { what: 'one image more, one less', before: ['1', '2'], after: ['2', '3'], sums: true },
    { what: 'many images more', before: ['1'], after: range(15), sums: true },
    { what: 'many images less', before: range(15), after: ['1'], sums: true },
    { what: 'a manifest alone', before: ['1'], after: ['1'], sums: true },
    { what: 'images alone', before: ['1'], after: ['1', '2', '3'], sums: false },
  ])('of $what is what it takes', async ({ before, after, sums }) => {
    const all = [...new Set([...before, ...after])].map((n) => `i${n}.raw`);
    await using place = await openFakeStore({
      releases: [{ tag: 'a-1', assets: all.map((name) => ({ name, text: name })) }],
    });
    const [release] = await place.store().releases(['a-1']);
    const indexOf = (images: readonly string[], manifest: string) => {
      const linked = images.map((n): MetadataAsset => {
        const asset = release?.assets.find(({ name }) => name === `i${n}.raw`);
        if (asset === undefined) throw new Error(`no i${n}.raw`);
        return { name: asset.name, from: { tag: 'a-1', asset } };
      });
      return () => Promise.resolve({ ...metadata(...linked, text('SHA256SUMS', manifest)), notes: manifest });
    };
    if (before.length > 0) await place.store().replace('a', indexOf(before, 'old'));
    place.fake.clearLog();
    await place.store().replace('a', indexOf(after, sums ? 'new' : 'old'));
    const isNew = before.length === 0;
    const added = after.filter((n) => !before.includes(n)).length;
    const estimated = estimateIndex({
      isNew,
      isNewest: false,
      added: isNew ? added + 1 : added,
      replaced: !isNew && sums ? 1 : 0,
      removed: before.filter((n) => !after.includes(n)).length,
      isTextOld: sums,
    });
    expectClose(spent(place.fake), estimated);
    expect(place.fake.violations()).toEqual([]);
  });
});

function range(count: number): string[] {
  return Array.from({ length: count }, (_, n) => String(n + 1));
}
