import { tmpdir } from 'node:os';
import { expect, it } from '@jest/globals';
import { openFakeStore, repository, type FakeStore } from '../../../testing/fake-store.ts';
import { fastClock, fastStore, type FastClock } from '../../../testing/fast-store.ts';
import { silentReport } from '../../ports/report.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import { updateMetadata, type UpdatedMetadata } from '../metadata/update-metadata.ts';

const names = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta'];
const hour = 3_600_000;
const recipeBook: RecipeBook = {
  names: [],
  folder: () => undefined,
  find: () => Promise.reject(new Error('recipes are not needed')),
};

/** Versions with images, as another bakery published them, and no index. */
const seed = {
  releases: names.flatMap((name) =>
    ['1.0.0', '1.1.0', '1.2.0'].map((version) => ({
      tag: `${name}-${version}`,
      assets: ['x86-64', 'arm64'].map((arch) => ({ name: `${name}-${version}-${arch}.raw` })),
    })),
  ),
};

it('takes over the releases of a bakery in as many runs as it says, shows how far it is, and goes on where it was killed', async () => {
  const clock = fastClock(Date.UTC(2026, 10, 27, 3, 17));
  await using place = await openFakeStore(seed, { clock: clock.now, limits: { core: 100 } });
  const said: string[] = [];
  const first = await update(place, clock, said);
  expect(first.failures).toEqual([]);
  expect(said.at(-1)).toMatch(/^[1-4] of 8: the index of \w+ is written$/);
  expect(first.runsLeft).toBeGreaterThan(1);
  clock.pass(hour);
  await kill(place);
  let runs = 0;
  for (let last = first; last.postponed.length > 0; runs++) {
    clock.pass(hour);
    last = await update(place, clock, said);
    expect(last.failures).toEqual([]);
  }
  // The killed one did a part of the work.
  expect(runs).toBeLessThanOrEqual(first.runsLeft ?? 0);
  const tags = place.fake.releases(repository).filter(({ draft }) => !draft);
  expect(tags.map(({ tag }) => tag)).toEqual(expect.arrayContaining([...names, 'SHA256SUMS']));
  const images = (name: string): string[] =>
    (tags.find(({ tag }) => tag === name)?.assets ?? []).map((asset) => asset.name).filter(isImage);
  for (const name of names) expect(images(name)).toHaveLength(6);
  expect(place.fake.violations()).toEqual([]);
});

function isImage(name: string): boolean {
  return name.endsWith('.raw');
}

/** A run that loses its connection at the tenth write, and with it everything it wanted to do. */
async function kill({ fake, store }: FakeStore): Promise<void> {
  let writes = 0;
  fake.onRequest(({ request, moment }) => {
    if (request.isWrite && moment === 'before') writes++;
    return writes > 10 ? 'drop' : undefined;
  });
  await updateMetadata(names, { store: store(), hub: undefined, recipeBook });
  fake.onRequest(() => {});
  expect(writes).toBeGreaterThan(10);
}

function update({ fake }: FakeStore, clock: FastClock, said: string[]): Promise<UpdatedMetadata> {
  const { apiUrl, graphqlUrl, serverUrl } = fake;
  const env = {
    GITHUB_API_URL: apiUrl,
    GITHUB_GRAPHQL_URL: graphqlUrl,
    GITHUB_SERVER_URL: serverUrl,
    GITHUB_TOKEN: 'test-token',
  };
  const report = { ...silentReport, info: (line: string) => void said.push(line) };
  const io = { env, report: silentReport, tmpdir: tmpdir() };
  const store = fastStore({ io, repo: repository }, clock, 0);
  return updateMetadata(names, { store, hub: undefined, recipeBook, ports: { report } });
}
