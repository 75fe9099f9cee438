import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery, runWell } from './run-bakery.ts';
import { filesOf, leftovers } from './store-folder.ts';
import { watchStore } from './watch-store.ts';

const preload = ['--import', join(import.meta.dirname, 'kill-before.ts')];
const points = Array.from({ length: 24 }, (_, index) => index);

let bakery: ExampleBakery;
let whole: Record<string, string>;
let count: { readonly changes: number; readonly starts: number };
/** A store with one version; what all runs go on from. */
let before: string;
beforeAll(async () => {
  bakery = await exampleBakery();
  await bakery.write('release_build_versions.txt', 'alpha latest\nbeta latest\n');
  await bakery.putOut('alpha', '1.9.0');
  before = join(bakery.folder, 'before');
  await runWell(bakery, ['release', 'alpha', '--store', 'dir:before']);
  await bakery.putOut('alpha', '1.10.0');
  await bakery.putOut('beta', 'v2.0.0');

  await cp(before, join(bakery.folder, 'whole'), { recursive: true, preserveTimestamps: true });
  const counts = join(bakery.folder, 'count.json');
  const env = { COUNT: counts, BAKERY_CACHE: join(bakery.folder, 'cache-whole') };
  await runWell(bakery, ['release', '--store', 'dir:whole'], { env, node: preload });
  whole = await filesOf(join(bakery.folder, 'whole'));
  count = JSON.parse(await readFile(counts, 'utf8'));
});
afterAll(async () => bakery[Symbol.asyncDispose]());

describe('bakery release killed at any moment', () => {
  it.each(points)('before a change to the file system (%i of 24)', async (point) => {
    // No two runs do exactly the same: the last twentieth may not be reached.
    const share = (0.95 * (point + 0.5)) / points.length;
    await killAndGoOn(`change-${point}`, { KILL_BEFORE: String(1 + Math.floor(share * count.changes)) });
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('with a child still running (%i)', async (start) => {
    expect(count.starts).toBeGreaterThanOrEqual(8);
    await killAndGoOn(`start-${start}`, { KILL_AFTER_START: String(start) });
  });
});

/** A run that is killed and one that is not end like one that was never killed; a host sees no difference. */
async function killAndGoOn(name: string, env: Readonly<Record<string, string>>): Promise<void> {
  const store = join(bakery.folder, name);
  const temporary = join(bakery.tmpdir, name);
  await mkdir(temporary);
  await cp(before, store, { recursive: true, preserveTimestamps: true });
  const own = { TMPDIR: temporary, BAKERY_CACHE: join(bakery.folder, `cache-${name}`) };
  const watch = watchStore(store);
  const killed = await runBakery(bakery, ['release', '--store', `dir:${name}`], {
    env: { ...own, ...env },
    node: preload,
  });
  expect(killed).toMatchObject({ code: null });
  await watch.look();
  await runWell(bakery, ['release', '--store', `dir:${name}`], { env: own });
  await watch.stop();
  expect({ env, broken: watch.broken }).toEqual({ env, broken: [] });
  expect(await filesOf(store)).toEqual(whole);
  expect({ env, leftovers: await leftovers(store) }).toEqual({ env, leftovers: [] });
  expect({ env, temporary: await readdir(temporary) }).toEqual({ env, temporary: [] });
}
