import { expect, it } from '@jest/globals';
import { exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery } from './run-bakery.ts';

it('list, check and lint point out a newest version that is written like none of the others', async () => {
  await using bakery = await exampleBakery();
  const usual = Array.from({ length: 10 }, (_, patch) => `1.14.${patch}`);
  for (const version of [...usual, '011']) await bakery.putOut('alpha', version);
  await bakery.write('release_build_versions.txt', 'alpha latest\n');
  const warned = '"011" sorts above "1.14.9" and is written like none of the others';

  const listed = await runBakery(bakery, ['list', 'alpha']);
  expect(listed.stderr).toContain(warned);
  expect(listed.stdout.split('\n')[0]).toBe('011');
  expect((await runBakery(bakery, ['check'])).stderr).toContain(`alpha: ${warned}`);
  expect((await runBakery(bakery, ['lint', 'alpha'])).stdout).not.toContain('011');
  const linted = await runBakery(bakery, ['lint', 'alpha', '--upstream']);
  expect(linted.stdout).toMatch(
    /recipes\/alpha\/recipe\.yaml:\d+:\d+ warning: versions: "011" sorts above .* \[lint\.unlike-others\]/,
  );
  expect(linted.code).toBe(0);

  await bakery.write('release_build_versions.txt', 'alpha 1.14.9 # what upstream calls 011 is a slip\n');
  expect((await runBakery(bakery, ['check'])).stderr).not.toContain('sorts above');
});
