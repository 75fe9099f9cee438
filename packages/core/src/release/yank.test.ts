import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { openFakeStore, repository, type FakeStore } from '../../testing/fake-store.ts';
import { updateGlobalMetadata } from './metadata/global-metadata.ts';
import { updateExtensionMetadata } from './metadata/metadata.ts';
import { undoYank, yank } from './yank.ts';

const request = { name: 'alpha', version: '1.1.0', recipe: undefined };

it('takes a version out of the indexes on GitHub, says so on its release, and offers it again', async () => {
  await using bench = await openBench();
  await yank(request, 'it eats\ndisks', contextOf(bench));
  expect(await listed(bench, 'alpha')).toEqual(['alpha-1.0.0-x86-64.raw']);
  expect(await listed(bench, 'SHA256SUMS')).toEqual(['alpha-1.0.0-x86-64.raw']);
  expect(shownOf(bench, 'alpha-1.1.0')).toMatchObject({
    name: 'alpha 1.1.0 (withdrawn)',
    body: '> **Withdrawn**: it eats disks\n\nas published',
  });
  expect(bench.fake.releases(repository).find(({ tag }) => tag === 'alpha-1.1.0')?.assets).toHaveLength(1);
  expect(bench.fake.repo(repository).latestId).toBe(shownOf(bench, 'SHA256SUMS')?.id);

  await undoYank({ ...request, version: 'v1.1.0' }, contextOf(bench));
  expect(await listed(bench, 'alpha')).toEqual(['alpha-1.0.0-x86-64.raw', 'alpha-1.1.0-x86-64.raw']);
  expect(shownOf(bench, 'alpha-1.1.0')).toMatchObject({ name: 'alpha 1.1.0', body: 'as published' });
  expect(shownOf(bench, 'alpha')?.assets.map(({ name }) => name)).not.toContain('alpha.withdrawn.json');
  expect(bench.fake.violations()).toEqual([]);
});

it('is finished by the next run when it stopped halfway, and undone halfway is not undone', async () => {
  await using bench = await openBench();
  const stops = (store = bench.store()) => ({
    ...store,
    mark: stop,
  });
  await expect(yank(request, 'bad', { ...contextOf(bench), store: stops() })).rejects.toThrow('stopped');
  expect(await listed(bench, 'SHA256SUMS')).toContain('alpha-1.1.0-x86-64.raw');
  await update(bench);
  expect(await listed(bench, 'SHA256SUMS')).toEqual(['alpha-1.0.0-x86-64.raw']);
  expect(shownOf(bench, 'alpha-1.1.0')?.name).toBe('alpha 1.1.0 (withdrawn)');

  const store = bench.store();
  await expect(
    undoYank(request, { ...contextOf(bench), store: { ...store, replace: stop } }),
  ).rejects.toThrow('stopped');
  expect(shownOf(bench, 'alpha-1.1.0')?.name).toBe('alpha 1.1.0');
  await update(bench);
  expect(shownOf(bench, 'alpha-1.1.0')?.name).toBe('alpha 1.1.0 (withdrawn)');
});

it('leaves an index without images that hosts can read, when no version is left', async () => {
  await using bench = await openBench();
  for (const version of ['1.0.0', '1.1.0']) await yank({ ...request, version }, 'bad', contextOf(bench));
  const text = (await bench.fake.read(repository, 'alpha', 'alpha.withdrawn.json')).toString();
  const line = `${createHash('sha256').update(text).digest('hex')}  alpha.withdrawn.json\n`;
  expect((await bench.fake.read(repository, 'alpha', 'SHA256SUMS')).toString()).toBe(line);
  expect((await bench.fake.read(repository, 'SHA256SUMS', 'SHA256SUMS')).toString()).toBe(line);
});

function stop(): Promise<never> {
  return Promise.reject(new Error('stopped'));
}

async function openBench(): Promise<FakeStore> {
  const bench = await openFakeStore({
    releases: ['1.0.0', '1.1.0'].map((version) => ({
      tag: `alpha-${version}`,
      name: `alpha ${version}`,
      body: 'as published',
      assets: [{ name: `alpha-${version}-x86-64.raw`, content: `image ${version}` }],
    })),
  });
  await update(bench);
  return bench;
}

async function update(bench: FakeStore): Promise<void> {
  await updateExtensionMetadata('alpha', undefined, contextOf(bench));
  await updateGlobalMetadata(contextOf(bench));
}

function contextOf(bench: FakeStore) {
  return { store: bench.store(), hub: undefined, names: ['alpha'] };
}

async function listed(bench: FakeStore, tag: string): Promise<string[]> {
  const sums = (await bench.fake.read(repository, tag, 'SHA256SUMS')).toString();
  return (sums.match(/\S+\.(?:raw|json)/g) ?? []).toSorted();
}

function shownOf(bench: FakeStore, wanted: string) {
  return bench.fake.releases(repository).find(({ tag }) => tag === wanted);
}
