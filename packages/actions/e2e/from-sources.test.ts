import { expect, it } from '@jest/globals';
import { exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { fork, repository } from './fork.ts';

it('installs packages in one job of a fork, starts all others from its bundle, and records the commit of both', async () => {
  await using world = await exampleBakery();
  await world.putOut('alpha', '1.0.0');
  await world.write('release_build_versions.txt', 'alpha latest\n');
  const { BAKERY_MIRRORS = '', BAKERY_CACHE = '', HOME = '' } = world.env;
  const env = { BAKERY_MIRRORS, BAKERY_CACHE, HOME };
  await using bakery = await fork({ recipes: world.folder, env, bundled: false });
  const run = await bakery.run('release.yaml');
  expect({ ok: run.ok, why: run.ok ? '' : run.log }).toEqual({ ok: true, why: '' });
  expect(Object.keys(run.jobs).toSorted()).toEqual([
    'Build alpha 1.0.0 arm64',
    'Build alpha 1.0.0 x86-64',
    'Check',
    'Metadata',
    'Publish alpha 1.0.0',
    'Rebuild alpha 1.0.0 arm64',
    'Rebuild alpha 1.0.0 x86-64',
    'Site',
    'Summary',
    'Verdicts',
  ]);
  const record = await bakery.github.read(repository, 'alpha-1.0.0', 'alpha-1.0.0.inputs.json');
  const commit = await bakery.head();
  expect(JSON.parse(record.toString())).toMatchObject({
    bakery: { version: expect.stringMatching(/^\d+\.\d+\.\d+$/), commit, changed: false },
    recipe: {
      repository: `${bakery.github.serverUrl}/${repository}`,
      commit,
      path: 'recipes/alpha',
      changed: false,
    },
  });
  const yanked = await bakery.run('release.yaml', { inputs: { yank: 'alpha:1.0.0', why: 'it $(breaks)' } });
  expect(yanked).toMatchObject({ ok: true, jobs: { 'Take back alpha:1.0.0': 'success' } });
  const memory = await bakery.github.read(repository, 'alpha', 'alpha.withdrawn.json');
  expect(JSON.parse(memory.toString()).versions).toEqual({ '1.0.0': { why: 'it $(breaks)' } });
  const installing = run.log.split('\n').filter((line) => line.includes('bakery: installing'));
  // npm may draw a spinner in front where it takes long.
  expect(installing).toEqual([
    expect.stringMatching(/^Check: .*bakery: installing the packages of this checkout \.\.\.$/),
  ]);
});
