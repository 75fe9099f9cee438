import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery, runWell } from './run-bakery.ts';
import { filesOf, leftovers } from './store-folder.ts';

const preload = ['--import', join(import.meta.dirname, 'kill-before.ts')];
const yank = ['yank', 'alpha:1.10.0', '--why', 'it eats disks'];
const shares = [0.1, 0.3, 0.5, 0.7, 0.9];

let bakery: ExampleBakery;
beforeAll(async () => {
  bakery = await exampleBakery();
  await bakery.write('release_build_versions.txt', 'alpha latest\n');
  for (const version of ['1.9.0', '1.10.0']) {
    await bakery.putOut('alpha', version);
    await runWell(bakery, ['release', 'alpha', '--store', 'dir:offered', '--no-test']);
  }
  await cp(join(bakery.folder, 'offered'), join(bakery.folder, 'withdrawn'), {
    recursive: true,
    preserveTimestamps: true,
  });
  await runWell(bakery, [...yank, '--store', 'dir:withdrawn']);
});
afterAll(async () => bakery[Symbol.asyncDispose]());

describe.each([
  { what: 'yank', from: 'offered', args: yank },
  { what: 'yank --undo', from: 'withdrawn', args: ['yank', 'alpha:1.10.0', '--undo'] },
  {
    what: 'release --revise',
    from: 'offered',
    args: ['release', 'alpha:1.10.0', '--revise', 'a mended library', '--no-test'],
  },
])('bakery $what killed at any moment and run again', ({ what, from, args }) => {
  const name = what.replaceAll(/\W+/g, '-');
  let whole: Record<string, string>;
  let changes: number;
  beforeAll(async () => {
    const counts = join(bakery.folder, `count-${name}.json`);
    const store = await copyOf(from, `whole-${name}`);
    await runWell(bakery, [...args, '--store', `dir:whole-${name}`], {
      env: { COUNT: counts },
      node: preload,
    });
    whole = await filesOf(store);
    ({ changes } = JSON.parse(await readFile(counts, 'utf8')));
    expect(changes).toBeGreaterThan(10);
  });

  it.each(shares)('leaves what one that was never killed does (%d of its changes)', async (share) => {
    const run = `${name}-${share}`;
    const store = await copyOf(from, run);
    const temporary = join(bakery.tmpdir, run);
    await mkdir(temporary);
    const env = { TMPDIR: temporary };
    const killed = await runBakery(bakery, [...args, '--store', `dir:${run}`], {
      env: { ...env, KILL_BEFORE: String(1 + Math.floor(share * changes)) },
      node: preload,
    });
    expect(killed).toMatchObject({ code: null });
    await runWell(bakery, [...args, '--store', `dir:${run}`], { env });
    expect(await filesOf(store)).toEqual(whole);
    expect(await leftovers(store)).toEqual([]);
    expect(await readdir(temporary)).toEqual([]);
  });
});

async function copyOf(from: string, name: string): Promise<string> {
  const store = join(bakery.folder, name);
  await cp(join(bakery.folder, from), store, { recursive: true, preserveTimestamps: true });
  return store;
}
