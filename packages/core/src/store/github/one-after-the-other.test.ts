import { expect, it } from '@jest/globals';
import { openFakeStore, repository } from '../../../testing/fake-store.ts';
import { text } from '../../../testing/sample-releases.ts';

const extensions = ['alpha', 'beta', 'gamma'];

it('replaces the files of one release after the other, each out of its place for one request only', async () => {
  await using bench = await openFakeStore();
  const { fake } = bench;
  const update = (notes: string) => {
    const store = bench.store();
    return Promise.all(
      extensions.map((title) =>
        store.replace(title, () =>
          Promise.resolve({
            title,
            notes,
            newest: false,
            assets: [text('SHA256SUMS', `${notes} ${title}\n`)],
          }),
        ),
      ),
    );
  };
  const assetIds = () => fake.releases(repository).flatMap(({ assets }) => assets.map(({ id }) => id));

  expect(await update('old')).toEqual(['written', 'written', 'written']);
  const before = assetIds();
  fake.clearLog();
  expect(await update('new')).toEqual(['written', 'written', 'written']);

  const route = '/repos/{owner}/{repo}/releases/assets/{asset_id}';
  const renamed = fake.log
    .filter((request) => request.route === `PATCH ${route}`)
    .map(({ path }) => Number(path.split('/').at(-1)));
  const pairs = before.map((id, n) => [id, assetIds()[n]]);
  expect(new Set(renamed.flatMap((id, n) => (n % 2 === 0 ? [`${id} ${renamed[n + 1]}`] : [])))).toEqual(
    new Set(pairs.map(([old, next]) => `${old} ${next}`)),
  );
  expect(fake.violations()).toEqual([]);
});
