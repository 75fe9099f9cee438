import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { exampleBakery, type ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery, runWell } from './run-bakery.ts';
import { manifestOf } from './store-folder.ts';

let bakery: ExampleBakery;
beforeEach(async () => {
  bakery = await exampleBakery();
  for (const version of ['1.0.0', '2.0.0']) await bakery.putOut('alpha', version);
  await bakery.write('release_build_versions.txt', 'alpha latest\n');
  await runWell(bakery, ['release', '--format', 'erofs']);
});
afterEach(async () => bakery[Symbol.asyncDispose]());

it('takes a version back for good, has the one before it built, and offers it again', async () => {
  await runWell(bakery, ['yank', 'alpha:v2.0.0', '--why', 'it eats disks']);
  // The only version: hosts find an index that names nothing for them, and no error.
  expect([...(await manifestOf(join(bakery.folder, 'out/alpha'))).keys()]).toEqual(['alpha.withdrawn.json']);
  expect([...(await manifestOf(join(bakery.folder, 'out'))).keys()]).toEqual(['alpha.withdrawn.json']);
  expect(await textOf('out/alpha-2.0.0/WITHDRAWN.md')).toBe('Withdrawn: it eats disks\n');
  expect((await runWell(bakery, ['check'])).stdout).toBe(
    'build      alpha  1.0.0  latest\nwithdrawn  alpha  2.0.0  latest: it eats disks\n',
  );
  const { stdout } = await runWell(bakery, ['release', '--format', 'erofs']);
  expect(stdout).toContain(
    'alpha 2.0.0 is withdrawn: it eats disks; bakery yank alpha:2.0.0 --undo has it back.',
  );
  expect(await images('out/alpha')).toEqual(['alpha-1.0.0-arm64.raw', 'alpha-1.0.0-x86-64.raw']);
  expect(await images('out')).toEqual(['alpha-1.0.0-arm64.raw', 'alpha-1.0.0-x86-64.raw']);
  expect((await runWell(bakery, ['list-bakery', 'alpha'])).stdout).toBe('1.0.0\n');
  // Its release stays, for links and pins.
  expect(await images('out/alpha-2.0.0')).toHaveLength(2);

  await runWell(bakery, ['yank', 'alpha:2.0.0', '--undo']);
  expect(await images('out/alpha')).toHaveLength(4);
  await expect(textOf('out/alpha-2.0.0/WITHDRAWN.md')).rejects.toThrow('ENOENT');
  await expect(textOf('out/alpha/alpha.withdrawn.json')).rejects.toThrow('ENOENT');
});

it('takes a release that was deleted by hand for withdrawn, until told otherwise', async () => {
  await rm(join(bakery.folder, 'out/alpha-2.0.0'), { recursive: true });
  const told =
    'alpha 2.0.0 is withdrawn: its release was deleted by hand; bakery yank alpha:2.0.0 --undo has it back.';
  expect((await runWell(bakery, ['release', '--format', 'erofs'])).stdout).toContain(told);
  expect(await images('out/alpha')).toEqual(['alpha-1.0.0-arm64.raw', 'alpha-1.0.0-x86-64.raw']);
  expect((await runWell(bakery, ['release', '--format', 'erofs'])).stdout).toContain(told);
  await runWell(bakery, ['yank', 'alpha:2.0.0', '--undo']);
  expect((await runWell(bakery, ['check'])).stdout).toMatch(/^build +alpha +2\.0\.0/);
});

it('wants a version that is published, and a reason', async () => {
  const unknown = await runBakery(bakery, ['yank', 'alpha:3.0', '--why', 'x']);
  expect(unknown).toMatchObject({ code: 1 });
  expect(unknown.stderr).toContain('alpha: expected a published version (2.0.0), got "3.0"');
  expect((await runBakery(bakery, ['yank', 'alpha:2.0.0'])).stderr).toContain(
    'yank: expected --why TEXT, or --undo',
  );
});

async function images(folder: string): Promise<string[]> {
  return [...(await manifestOf(join(bakery.folder, folder))).keys()].toSorted();
}

function textOf(path: string): Promise<string> {
  return readFile(join(bakery.folder, path), 'utf8');
}
