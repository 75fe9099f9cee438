import { expect, it } from '@jest/globals';
import { openFakeStore } from '../../../testing/fake-store.ts';
import { publishSample, sampleRecipe } from '../../../testing/sample-bakery.ts';
import { globalTag } from '../../names/manifest-name.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import { affordable } from '../budget/affordable.ts';
import { updateMetadata } from '../metadata/update-metadata.ts';
import { yank } from '../yank.ts';
import type { Adapter } from './adapter-files.ts';

const recipeBook: RecipeBook = {
  names: ['k3s'],
  folder: () => '/recipes/k3s',
  find: async (name) => ({
    recipe: { ...sampleRecipe(name), summary: 'Lightweight Kubernetes' },
    data: undefined,
    folder: '/recipes/k3s',
    locate: () => ({ file: 'recipe.yaml', line: 1, column: 1 }),
  }),
};
const hub = 'https://hub.example/extensions';

it('lie beside the indexes of a bakery that wants them, and only there', async () => {
  await using place = await openFakeStore();
  await publishSample(place.store(), 'k3s', '1.0.0');
  const update = (adapters: readonly Adapter[]) =>
    updateMetadata(['k3s'], { store: place.store(), hub, recipeBook, adapters });
  const adapted = ['k3s.feature', 'k3s.updex.conf', 'updex.json'];
  const names = async (): Promise<readonly string[]> => {
    const releases = await place.store().releases(['k3s', globalTag]);
    return releases
      .flatMap(({ assets }) => assets.map(({ name }) => name))
      .filter((name) => adapted.includes(name));
  };
  await update([]);
  expect(await names()).toEqual([]);
  expect((await update(['updatectl', 'updex'])).written).toEqual(['k3s', globalTag]);
  expect((await names()).toSorted()).toEqual(adapted);
  expect(await place.store().read('k3s', 'k3s.feature')).toContain('Description=Lightweight Kubernetes\n');
  expect(await place.store().read('k3s', 'k3s.updex.conf')).toContain(`Path=${hub}/updex/k3s/\n`);
  expect((await update(['updatectl', 'updex'])).written).toEqual([]);
  await update([]);
  expect(await names()).toEqual([]);
  expect(place.fake.violations()).toEqual([]);
});

function unsigned(): Promise<boolean> {
  return Promise.resolve(false);
}

it('are refused before anything is written where nobody could serve them', async () => {
  await using place = await openFakeStore();
  await publishSample(place.store(), 'k3s', '1.0.0');
  place.fake.clearLog();
  const context = { store: place.store(), hub: undefined, recipeBook, adapters: ['updex'] as const };
  const refusal = {
    code: 'input.invalid',
    message: expect.stringContaining('adapters: updex: expected a hub'),
  };
  const plan = { ...context, tags: new Set<string>(), hours: 1, extensions: ['k3s'], isToBeSigned: unsigned };
  await expect(affordable([], plan)).rejects.toMatchObject(refusal);
  await expect(updateMetadata(['k3s'], context)).rejects.toMatchObject(refusal);
  const request = { name: 'k3s', version: '1.0.0', recipe: undefined };
  await expect(yank(request, 'broken', { ...context, names: ['k3s'] })).rejects.toMatchObject(refusal);
  expect([...place.fake.writes()]).toEqual([]);
});
