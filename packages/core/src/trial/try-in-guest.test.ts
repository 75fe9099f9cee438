import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { imageToTry, type Planted } from '../../testing/image-to-try.ts';
import { spawnExec } from '../ports/spawn.ts';
import { withSystemFolders } from '../tools/search-path.ts';
import { showTrial } from './show-trial.ts';
import { type BootingHost, tryInGuest } from './try-in-guest.ts';

const path = withSystemFolders(process.env['PATH'] ?? '');
const context = { exec: spawnExec({ ...process.env, PATH: path }), path, isRoot: true, temporary: tmpdir() };

/** A machine where every step ends well, and says nothing. */
const host: BootingHost = {
  name: 'a machine',
  arch: 'x86-64',
  boot: async (_, script) =>
    [...script.matchAll(/^step (\d+) /gm)].map(([, index]) => `@${index} 0 \n`).join(''),
};

async function tried(...planted: readonly Planted[]): Promise<string> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'guest-'));
  const images = [];
  for (const one of planted) images.push(await imageToTry(folder.path, one, context));
  return showTrial(await tryInGuest(images, host, context));
}

const needy: Planted = {
  recipe: `requires: [{ name: helper }]
smoke: [{ run: planted, matches: '^$' }]
test:
  - { unit: planted.service }
  - { unit: cluster.service, state: loaded }
`,
};

it('runs steps together with what the recipe requires', async () => {
  expect(await tried(needy, { name: 'helper', program: 'helper' })).toContain(
    `  ok      planted
  ok      planted.service becomes active and stays so
  ok      cluster.service loads
`,
  );
});

it('skips steps while what the recipe requires is not tested beside it, and says so', async () => {
  const why = 'it requires helper, which is not tried with it';
  expect(await tried(needy)).toContain(
    `  ok      planted
  skipped planted.service becomes active and stays so: ${why}
  skipped cluster.service loads: ${why}
`,
  );
});
