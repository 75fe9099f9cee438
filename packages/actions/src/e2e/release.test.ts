import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { fork, repository, type Fork } from './fork.ts';

const patience = 600_000; // ms; act is built on the first run, and a workflow is a dozen programs

let world: ExampleBakery;
let bakery: Fork;

beforeAll(async () => {
  world = await exampleBakery();
  await world.putOut('alpha', '1.0.0');
  await world.putOut('beta', 'v2.0.0');
  await world.write('release_build_versions.txt', 'alpha latest\nbeta latest\n');
  const { BAKERY_MIRRORS = '', BAKERY_CACHE = '', HOME = '' } = world.env;
  bakery = await fork({ recipes: world.folder, env: { BAKERY_MIRRORS, BAKERY_CACHE, HOME }, bundled: true });
}, patience);

afterAll(async () => {
  await bakery[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const tags = (): string[] =>
  bakery.github
    .releases(repository)
    .map(({ tag, draft }) => (draft ? `draft ${tag}` : tag))
    .toSorted();

const writes = (): number => [...bakery.github.writes().values()].reduce((sum, count) => sum + count, 0);

describe('release.yaml in a fork', () => {
  it(
    'bakes and publishes everything the release list wants',
    async () => {
      const run = await bakery.run('release.yaml');
      expect(run.jobs).toEqual({
        Check: 'success',
        'Build alpha 1.0.0 x86-64': 'success',
        'Build alpha 1.0.0 arm64': 'success',
        'Build beta v2.0.0 x86-64': 'success',
        'Build beta v2.0.0 arm64': 'success',
        'Publish alpha 1.0.0': 'success',
        'Publish beta v2.0.0': 'success',
        Metadata: 'success',
      });
      expect(run.ok).toBe(true);
      expect(tags()).toEqual(['SHA256SUMS', 'alpha', 'alpha-1.0.0', 'beta', 'beta-v2.0.0']);
      expect(bakery.github.violations()).toEqual([]);
    },
    patience,
  );

  it(
    'writes nothing when there is nothing new',
    async () => {
      bakery.github.clearLog();
      const run = await bakery.run('release.yaml');
      expect(run.jobs).toEqual({ Check: 'success', Metadata: 'success' });
      expect(writes()).toBe(0);
    },
    patience,
  );
});
