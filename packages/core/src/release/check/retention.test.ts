import { expect, it } from '@jest/globals';
import { openFakeStore, repository, type FakeStore } from '../../../testing/fake-store.ts';
import { sampleRecipe } from '../../../testing/sample-bakery.ts';
import type { LoadedRecipe } from '../../recipe/loaded.ts';
import { Retention } from '../../recipe/retention.ts';
import type { Store } from '../../store/store.ts';
import type { RetireRule } from '../history/retire.ts';
import { updateMetadata } from '../metadata/update-metadata.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 10, 1);
const versions = ['1.0.0', '1.0.1', '1.1.0'];

it('takes releases on GitHub out of the indexes first and removes them later, however often it is killed', async () => {
  await using bench = await openBench();
  await update(bench);
  expect(await listed(bench, 'SHA256SUMS')).toEqual(versions);

  // Killed before the index of everything is written: nothing is removed, and the next run finishes.
  expect((await update(bench, { keep: 1, after: 0, open: killedAtTheEnd })).retired).toMatchObject([
    { version: '1.0.0', isRemoved: false },
  ]);
  expect(await listed(bench, 'alpha')).toEqual(['1.0.1', '1.1.0']);
  expect(await listed(bench, 'SHA256SUMS')).toEqual(versions);
  expect(tagsOf(bench)).toContain('alpha-1.0.0');

  const left = await update(bench, { keep: 1, now: start + 29 * day });
  expect(left).toMatchObject({ written: ['SHA256SUMS'], failures: [] });
  expect(left.retired).toBeUndefined();
  expect(await listed(bench, 'SHA256SUMS')).toEqual(['1.0.1', '1.1.0']);
  expect(tagsOf(bench)).toContain('alpha-1.0.0');

  // Who does not know what is wanted removes nothing.
  expect((await update(bench, { keep: 1, now: start + 30 * day, isSure: false })).retired).toBeUndefined();
  // Who cannot write that it comes back removes it neither.
  const stuck = await update(bench, { keep: 3, now: start + 30 * day, open: killedAtTheIndex });
  expect([stuck.failures.map(({ name }) => name), stuck.retired]).toEqual([['alpha'], undefined]);
  expect(tagsOf(bench)).toContain('alpha-1.0.0');
  expect(
    (await update(bench, { keep: 1, now: start + 30 * day, open: killedAtRemoval })).failures,
  ).toHaveLength(1);
  expect((await update(bench, { keep: 1, now: start + 30 * day })).retired).toEqual([
    {
      name: 'alpha',
      version: '1.0.0',
      why: 'of each stream only the newest 1 are kept',
      isRemoved: true,
    },
  ]);
  expect(tagsOf(bench)).not.toContain('alpha-1.0.0');

  // It is remembered, and nobody takes it for deleted by hand.
  await update(bench, { keep: 1, now: start + 31 * day });
  bench.fake.clearLog();
  expect(await update(bench, { keep: 1, now: start + 32 * day })).toMatchObject({ written: [] });
  expect([...bench.fake.writes()]).toEqual([]);
  const memory = (await bench.fake.read(repository, 'alpha', 'alpha.retired.json')).toString();
  expect(JSON.parse(memory)).toEqual({ retired: 1, versions: { '1.0.0': expect.anything() } });
  const catalogue = (await bench.fake.read(repository, 'SHA256SUMS', 'catalogue.json')).toString();
  expect(JSON.parse(catalogue)).toMatchObject({
    extensions: [{ versions: [{}, {}, { version: '1.0.0', images: [], retired: { why: /keep/ } }] }],
  });
  expect(bench.fake.violations()).toEqual([]);
});

it('starts counting again when a version was wanted in between', async () => {
  await using bench = await openBench();
  const remembered = () =>
    bench.fake
      .releases(repository)
      .find(({ tag }) => tag === 'alpha')
      ?.assets.some(({ name }) => name === 'alpha.retired.json');
  await update(bench, { keep: 1 });
  expect(remembered()).toBe(true);
  await update(bench, { now: start + day });
  expect(remembered()).toBe(false);
  await update(bench, { keep: 1, now: start + 31 * day });
  expect(tagsOf(bench)).toContain('alpha-1.0.0');
});

interface Night {
  readonly keep?: number;
  readonly after?: number;
  readonly now?: number;
  readonly isSure?: boolean;
  readonly open?: (store: Store) => Store;
}

function update(bench: FakeStore, { keep, after = 30, now = start, isSure = true, open }: Night = {}) {
  const recipe = sampleRecipe('alpha');
  const loaded: LoadedRecipe = { recipe, data: {}, folder: '/nowhere', locate: stopNow };
  const policy = keep === undefined ? undefined : Retention.parse({ keep, 'remove-after': after });
  const rule: RetireRule = { policy, needed: new Set(), isSure, now };
  const store = bench.store();
  return updateMetadata(['alpha'], {
    store: open?.(store) ?? store,
    hub: undefined,
    recipeBook: { names: ['alpha'], folder: () => '/nowhere', find: () => Promise.resolve(loaded) },
    retention: () => Promise.resolve(new Map([['alpha', rule]])),
  });
}

function openBench(): Promise<FakeStore> {
  return openFakeStore({
    releases: versions.map((version) => ({
      tag: `alpha-${version}`,
      assets: [{ name: `alpha-${version}-x86-64.raw`, content: `image ${version}` }],
    })),
  });
}

async function listed(bench: FakeStore, tag: string): Promise<string[]> {
  const sums = (await bench.fake.read(repository, tag, 'SHA256SUMS')).toString();
  return [...sums.matchAll(/alpha-(\S+)-x86-64\.raw/g)].map(([, version = '']) => version).toSorted();
}

function tagsOf(bench: FakeStore): string[] {
  return bench.fake.releases(repository).map(({ tag }) => tag);
}

const killedAtTheEnd = killedAt('SHA256SUMS');
const killedAtTheIndex = killedAt('alpha');

function killedAt(place: string): (store: Store) => Store {
  return (store) => ({
    ...store,
    replace: (tag, plan) => (tag === place ? stop() : store.replace(tag, plan)),
  });
}

function killedAtRemoval(store: Store): Store {
  return { ...store, remove: stop };
}

function stopNow(): never {
  throw new Error('stopped');
}

function stop(): Promise<never> {
  return Promise.reject(new Error('stopped'));
}
