import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ExampleBakery, exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { type Ended, runWell } from './run-bakery.ts';
import { filesOf, leftovers } from './store-folder.ts';
import { watchStore } from './watch-store.ts';

const main = join(import.meta.dirname, '../src/main.ts');
const preload = ['--import', join(import.meta.dirname, 'kill-before.ts')];

let bakery: ExampleBakery;
/** A store with one version; what all runs go on from. */
let before: string;
let whole: Record<string, string>;
beforeAll(async () => {
  bakery = await exampleBakery();
  await bakery.write('release_build_versions.txt', 'alpha latest\nbeta latest\n');
  await bakery.putOut('alpha', '1.9.0');
  before = join(bakery.folder, 'before');
  await runWell(bakery, ['release', 'alpha', '--store', 'dir:before']);
  await bakery.putOut('alpha', '1.10.0');
  await bakery.putOut('beta', 'v2.0.0');
  await cp(before, join(bakery.folder, 'whole'), { recursive: true, preserveTimestamps: true });
  await runWell(bakery, ['release', '--store', 'dir:whole']);
  whole = await filesOf(join(bakery.folder, 'whole'));
});
afterAll(async () => bakery[Symbol.asyncDispose]());

describe('two containers that share store, cache and scratch', () => {
  it('both end well when they release at once', async () => {
    const place = await openPlace('both');
    const runs = await Promise.all([1, 2].map(() => releaseInContainer(place)));
    expect(runs).toMatchObject([{ code: 0 }, { code: 0 }]);
    await expectWhole(place);
    expect({ scratch: await readdir(place.temporary), store: await leftovers(place.store) }).toEqual({
      scratch: [],
      store: [],
    });
  });

  it.each([20, 60, 90, 120, 150, 180])(
    'one ends well when the other is killed before its change %i, and what that left goes',
    async (point) => {
      const place = await openPlace(`killed-${point}`);
      const watch = watchStore(place.store);
      const [killed, other] = await Promise.all([
        releaseInContainer(place, { KILL_BEFORE: String(point) }),
        releaseInContainer(place),
      ]);
      // One that finds all published by the other may end before it comes to that change.
      expect([0, 137]).toContain(killed.code);
      expect(other).toMatchObject({ code: 0 });
      await watch.stop();
      expect(watch.broken).toEqual([]);
      await expectWhole(place);
      await grow([place.temporary, join(place.store, '.bakery'), join(place.cache, 'partial')]);
      expect(await releaseInContainer(place)).toMatchObject({ code: 0 });
      expect({ scratch: await readdir(place.temporary), store: await leftovers(place.store) }).toEqual({
        scratch: [],
        store: [],
      });
    },
  );
});

interface Place {
  readonly store: string;
  readonly cache: string;
  readonly temporary: string;
}

async function openPlace(name: string): Promise<Place> {
  const place = {
    store: join(bakery.folder, name),
    cache: join(bakery.folder, `${name}-cache`),
    temporary: join(bakery.tmpdir, name),
  };
  await mkdir(place.temporary);
  await cp(before, place.store, { recursive: true, preserveTimestamps: true });
  return place;
}

/** A release in a pid namespace of its own, where its pid is the same as that of any other. */
async function releaseInContainer(
  { store, cache, temporary }: Place,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', ...preload, main];
  const child = spawn(
    'unshare',
    // The first process of a namespace cannot kill itself, so the shell has to be it.
    [
      '--pid',
      '--fork',
      '--mount-proc',
      'sh',
      '-c',
      '"$@"; exit $?',
      'sh',
      ...node,
      'release',
      '--store',
      `dir:${store}`,
    ],
    {
      cwd: bakery.folder,
      env: { ...bakery.env, TMPDIR: temporary, BAKERY_CACHE: cache, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return { code: child.exitCode, stdout, stderr };
}

async function expectWhole({ store }: Place): Promise<void> {
  expect(await filesOf(store)).toEqual(whole);
}

/** As if what lies in these folders had not been touched for two hours. */
async function grow(folders: readonly string[]): Promise<void> {
  const then = new Date(Date.now() - 2 * 3_600_000);
  for (const folder of folders) {
    for (const name of await readdir(folder).catch(() => [])) {
      const path = join(folder, name);
      for (const inner of await readdir(path).catch(() => [])) await utimes(join(path, inner), then, then);
      await utimes(path, then, then);
    }
  }
}
