import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery, runWell } from './run-bakery.ts';
import { manifestOf } from './store-folder.ts';

let bakery: ExampleBakery;
beforeAll(async () => {
  bakery = await exampleBakery();
  await bakery.putOut('alpha', '1.0.0');
  await bakery.write('release_build_versions.txt', 'alpha latest\n');
  await runWell(bakery, ['release']);
});
afterAll(async () => bakery[Symbol.asyncDispose]());

it('tells what would be made from other things, and revises it in a way hosts see', async () => {
  expect((await runWell(bakery, ['check', '--stale'])).stdout).toBe(
    'nothing published would be built differently today\n',
  );
  const recipe = join(bakery.folder, 'recipes/alpha/recipe.yaml');
  const text = await readFile(recipe, 'utf8');
  await bakery.write('recipes/alpha/recipe.yaml', text.replace('default: hello', 'default: moin'));
  expect((await runWell(bakery, ['check', '--stale'])).stdout).toBe(
    'stale  alpha  1.0.0  recipe changed; greeting: "hello" → "moin"\n',
  );

  await runWell(bakery, ['release', 'alpha:1.0.0', '--revise', 'a greeting hosts understand']);
  await runWell(bakery, ['release', 'alpha:v1.0.0', '--revise', 'once more']);
  const record: unknown = JSON.parse(
    await readFile(join(bakery.folder, 'out/alpha-1.0.0-r1/alpha-1.0.0-r1.inputs.json'), 'utf8'),
  );
  expect(record).toMatchObject({
    version: '1.0.0-r1',
    revision: { of: '1.0.0', why: 'a greeting hosts understand' },
    images: { arm64: { file: 'alpha-1.0.0-r1-arm64.raw', options: { greeting: 'moin' } } },
  });
  expect((await runWell(bakery, ['list-bakery', 'alpha'])).stdout).toBe('1.0.0-r2\n1.0.0-r1\n1.0.0\n');
  expect([...(await manifestOf(join(bakery.folder, 'out/alpha'))).keys()]).toContain(
    'alpha-1.0.0-r2-x86-64.raw',
  );
  expect((await runWell(bakery, ['check', '--stale'])).stdout).toMatch(/^nothing/);
  // It is the version the list wants: nothing is to be built.
  expect((await runWell(bakery, ['release'])).stdout).toContain(
    'Nothing to do: the one wanted version is in',
  );
});

it('revises by itself what has a newer second product, where the recipe says that is worth it', async () => {
  await bakery.putOut('beta', 'v1.0.0');
  await bakery.putOut('gamma', '1.0.0');
  const recipe = await readFile(join(bakery.folder, 'recipes/gamma/recipe.yaml'), 'utf8');
  const source = "{ from: http, url: 'https://beta.example/amd64.html', regex: '<li>v([^<]+)</li>' }";
  const options = `options:\n  helper: { help: Version of the helper., default: ${source} }\n`;
  const text = '\ntext:\n  - { path: /usr/share/gamma/helper, content: "{helper}" }\n';
  const plain = `${recipe.replace('\nartifacts:', `\n${options}\nartifacts:`)}${text}`;
  const store = ['--store', 'dir:helped', '--no-test'];
  await bakery.write('recipes/gamma/recipe.yaml', plain);
  await bakery.write('release_build_versions.txt', 'gamma latest\n');
  await runWell(bakery, ['release', ...store]);
  await bakery.putOut('beta', 'v1.1.0');
  const check = async () => (await runWell(bakery, ['check', '--store', 'dir:helped'])).stdout;
  expect(await check()).toBe('published  gamma  1.0.0  latest\n');

  await bakery.write('recipes/gamma/recipe.yaml', `${plain}\nrevise: on-second-product\n`);
  expect(await check()).toBe('build      gamma  1.0.0-r1  latest\npublished  gamma  1.0.0     latest\n');
  await runWell(bakery, ['release', ...store]);
  const folder = join(bakery.folder, 'helped/gamma-1.0.0-r1');
  expect(JSON.parse(await readFile(join(folder, 'gamma-1.0.0-r1.inputs.json'), 'utf8'))).toMatchObject({
    revision: { of: '1.0.0', why: 'helper: 1.0.0 → 1.1.0' },
  });
  expect(await check()).toBe('published  gamma  1.0.0  latest\n');
});

it('revises only what is published, and wants to know why', async () => {
  const unknown = await runBakery(bakery, ['release', 'beta:v1.0.0', '--revise', 'why not']);
  expect(unknown.code).toBe(1);
  expect(unknown.stdout).toContain('beta: expected a published version to revise, got "v1.0.0"');
  const whole = await runBakery(bakery, ['release', 'alpha', '--revise', 'why not']);
  expect(whole).toMatchObject({ code: 2, stderr: 'bakery: --revise: expected EXT:VERSION, got "alpha"\n' });
});
