import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { CatalogueVersion } from '@bakery/core/catalogue.ts';
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

  await runWell(bakery, ['release', '--no-test', '--store', 'dir:out']);
  const info = await runWell(bakery, ['info', 'alpha', '--json', '--store', 'dir:out']);
  const { versions } = JSON.parse(info.stdout);
  expect(versions.map((one: CatalogueVersion) => [one.version, one.state])).toEqual([
    ['3.0.0', 'ok'],
    ['2.0.0', 'eol'],
    ['1.0.0', 'ok'],
  ]);

  // Nobody answers: the last answer counts, also where something answers that is no answer.
  bakery.serve(page, undefined);
  expect(await latest('alpha latest')).toEqual(['3.0.0', '1.0.0']);
  bakery.serve(page, '<html>Sign in to this network</html>');
  expect(await latest('alpha latest')).toEqual(['3.0.0', '1.0.0']);
  bakery.serve(page, undefined);
  expect(await latest('alpha latest')).toEqual(['3.0.0', '1.0.0']);
});

it('publishes only the newest where nobody ever told what has ended, and says what waits', async () => {
  await using bakery = await exampleBakery();
  const recipe = join(bakery.folder, 'recipes/alpha/recipe.yaml');
  const text = await readFile(recipe, 'utf8');
  const eol = '  latest: { majors: 3 }\neol: { product: alpha }\nstreams';
  await bakery.write('recipes/alpha/recipe.yaml', text.replace('streams', eol));
  for (const version of ['1.0.0', '2.0.0', '3.0.0']) await bakery.putOut('alpha', version);
  await bakery.write('release_build_versions.txt', 'alpha latest\nalpha 1.0.0\n');
  const why = 'endoflife.date did not answer, so it may be past its end of life; a later run asks again';

  const released = await runWell(bakery, ['release', '--no-test', '--store', 'dir:out']);
  expect(released.stderr).toContain('alpha: cannot tell which versions are past their end of life');
  expect(released.stdout).toContain(`alpha 2.0.0 waits: ${why}.\n`);
  expect(released.stdout).not.toContain('is complete');
  const published = await runWell(bakery, ['list-bakery', 'alpha', '--store', 'dir:out']);
  expect(published.stdout.match(/\d\.0\.0/g)).toEqual(['3.0.0', '1.0.0']);

  const { stdout } = await runWell(bakery, ['check', '--store', 'dir:out']);
  expect(stdout).toContain(`waiting    alpha  2.0.0  ${why}`);
  const status = await runWell(bakery, ['status', '--store', 'dir:out']);
  expect(status.stdout).toContain(`waits: alpha 2.0.0: ${why}\n`);

  await bakery.write('release_build_versions.txt', 'alpha latest lts\n');
  const unsure = await runWell(bakery, ['check', '--store', 'dir:out']);
  expect(unsure.stdout).toMatch(
    /^waiting +alpha +latest +endoflife\.date did not answer, so it is unknown what has/m,
  );

  await bakery.write('release_build_versions.txt', 'alpha latest ended\n');
  const all = await runWell(bakery, ['check', '--store', 'dir:out']);
  expect(all.stdout).toMatch(/^build +alpha +2\.0\.0/m);
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
