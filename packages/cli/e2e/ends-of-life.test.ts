import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery, runWell } from './run-bakery.ts';

it('takes no version past its end for latest unless asked, and tells of those that are wanted', async () => {
  await using bakery = await exampleBakery();
  const recipe = join(bakery.folder, 'recipes/alpha/recipe.yaml');
  const text = await readFile(recipe, 'utf8');
  const eol = '  latest: { majors: 2 }\neol: { product: alpha }\nstreams';
  await bakery.write('recipes/alpha/recipe.yaml', text.replace('streams', eol));
  for (const version of ['1.0.0', '2.0.0', '3.0.0']) await bakery.putOut('alpha', version);
  const page = 'endoflife.date/api/v1/products/alpha';
  const releases = [
    { name: '3', isEol: false, eolFrom: '2999-01-01', isLts: false, ltsFrom: '2998-01-01' },
    { name: '2', isEol: true, eolFrom: '2025-06-01', isLts: false, ltsFrom: null },
    { name: '1', isEol: false, eolFrom: null, isLts: true, ltsFrom: null },
  ];
  bakery.serve(page, JSON.stringify({ schema_version: '1.2.0', result: { releases } }));
  const latest = async (list: string): Promise<string[]> => {
    await bakery.write('release_build_versions.txt', `${list}\n`);
    const { stdout } = await runWell(bakery, ['list', 'alpha', '--latest']);
    return stdout.trim().split('\n');
  };
  expect(await latest('alpha latest')).toEqual(['3.0.0', '1.0.0']);
  expect(await latest('alpha latest lts')).toEqual(['1.0.0']);
  expect(await latest('alpha latest ended')).toEqual(['3.0.0', '2.0.0']);

  await bakery.write('release_build_versions.txt', 'alpha latest\nalpha 2.0.0\n');
  const { stdout } = await runWell(bakery, ['check']);
  expect(stdout).toMatch(/^ended +alpha +2\.0\.0 +past its end of life since 2025-06-01$/m);

  // Nobody answers: the last answer counts, and without any every version is alive.
  bakery.serve(page, undefined);
  expect(await latest('alpha latest')).toEqual(['3.0.0', '1.0.0']);
  const fresh = { env: { BAKERY_CACHE: join(bakery.folder, 'no-cache') } };
  const blind = await runWell(bakery, ['list', 'alpha', '--latest'], fresh);
  expect(blind.stdout).toBe('3.0.0\n2.0.0\n');
  expect(blind.stderr).toContain('alpha: nobody tells which versions are past their end of life');
  await latest('alpha latest lts');
  const unsure = await runBakery(bakery, ['check'], fresh);
  expect(unsure.stdout).toContain('expected to be told which versions have long-term support');
  expect(unsure.code).toBe(1);
});

it('has no use for lts where a recipe does not say who tells', async () => {
  await using bakery = await exampleBakery();
  await bakery.write('release_build_versions.txt', 'beta latest lts\n');
  const { code, stdout } = await runBakery(bakery, ['check']);
  expect(code).toBe(1);
  expect(stdout).toContain(
    'release_build_versions.txt:1:13 lts: expected a recipe that says where ends of life',
  );
});
