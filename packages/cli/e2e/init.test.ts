import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery, runWell } from './run-bakery.ts';

const root = join(import.meta.dirname, '../../..');

it('starts a repository whose recipe is listed, linted, built and released, and replaces nothing', async () => {
  await using bakery = await exampleBakery();
  const folder = join(bakery.folder, 'mine');
  const here = { folder, env: bakery.env };
  await mkdir(folder);
  const made = await runWell(here, ['init', '--bakery', 'baker/bakery@v2']);
  expect(made.stdout.split('\n')).toEqual(expect.arrayContaining(['.github/workflows/release.yaml']));
  const workflow = await readFile(join(folder, '.github/workflows/release.yaml'), 'utf8');
  expect(workflow).toContain('uses: baker/bakery/.github/workflows/bake.yaml@v2\n');
  expect(workflow).not.toContain('OWNER');

  expect((await runWell(here, ['list'])).stdout).toMatch(/^hello +x86-64 arm64 +pinned /m);
  await runWell(here, ['lint', 'hello']);
  await runWell(here, ['create', 'hello', 'latest']);
  expect((await stat(join(folder, 'hello.raw'))).size).toBeGreaterThan(0);
  await runWell(here, ['release']);
  expect(await readdir(join(folder, 'out'))).toContain('hello-1.0.0');

  const again = await runBakery(here, ['init', '--bakery', 'baker/bakery']);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain('.github/workflows/release.yaml');
  expect(again.stderr).toContain('is there already; nothing was changed');
});

it('writes the workflow that docs/self-hosting.md shows', async () => {
  const docs = await readFile(join(root, 'docs/self-hosting.md'), 'utf8');
  expect(docs).toContain(await readFile(join(root, 'template/.github/workflows/release.yaml'), 'utf8'));
});
