import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { openBakery } from '@bakery/core/src/bakery/open-bakery.ts';
import { updateMetadata } from '@bakery/core/src/release/metadata/update-metadata.ts';
import { storeAt } from '@bakery/core/testing/hurried-store.ts';
import { referenceBakery, type ReferenceBakery } from './reference-bakery.ts';

it('of the 580 real tags is valid by its JSON Schema, names every version of them, and costs few requests', async () => {
  await using world = await referenceBakery({ factor: 1, releasesEach: 0 });
  await update(world);
  const text = (await world.fake.read(world.repo, 'SHA256SUMS', 'catalogue.json')).toString();
  const catalogue: Catalogue = JSON.parse(text);

  const schema = new URL('../../../docs/catalogue.schema.json', import.meta.url);
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addFormat('base64', true);
  const validate = ajv.compile(JSON.parse(await readFile(schema, 'utf8')));
  expect(validate(catalogue) ? [] : validate.errors?.slice(0, 5)).toEqual([]);

  const named = catalogue.extensions.flatMap(({ name, versions }) =>
    versions.map(({ version }) => `${name}-${version}`),
  );
  const tags = await readFile(new URL('../data/bakery-tags.txt', import.meta.url), 'utf8');
  const known = tags.trim().split('\n');
  expect(known).toHaveLength(580);
  const names = catalogue.extensions.map(({ name }) => name);
  // The others are indexes, and bundles from before there were any.
  const published = known.filter(
    (tag) => !names.includes(tag) && names.some((name) => tag.startsWith(`${name}-`)),
  );
  expect(published).toHaveLength(537);
  expect(named.toSorted()).toEqual(published.toSorted());

  // Once more, with nothing new: the budget of docs/architecture.md, the catalogue included.
  world.forget();
  await update(world);
  const reads = world.fake.reads(['api', 'graphql']);
  reads.delete('GET /rate_limit');
  const count = [...reads.values()].reduce((sum, one) => sum + one, 0);
  expect(count).toBeLessThanOrEqual(20);
  expect([...world.fake.writes()]).toEqual([]);
  expect(world.fake.violations()).toEqual([]);
});

interface Catalogue {
  readonly extensions: readonly {
    readonly name: string;
    readonly versions: readonly { readonly version: string }[];
  }[];
}

/** As many runs as it takes: GitHub takes 500 changes an hour, and each run here is one of a new hour. */
async function update({ fake, io, repo, recipes }: ReferenceBakery): Promise<void> {
  for (;;) {
    const bakery = await openBakery({ recipes: ['recipes'], store: `github:${repo}` }, io);
    const context = { ...bakery, store: storeAt(fake, 'test-token', 'bakery') };
    const { failures, postponed } = await updateMetadata(recipes, context);
    expect(failures).toEqual([]);
    if (postponed.length === 0) return;
  }
}
