import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { runBakery, runWell } from './run-bakery.ts';
import { manifestOf } from './store-folder.ts';

it('takes old versions out of indexes, later out of the store, and never what a pin or a stream needs', async () => {
  await using bakery = await exampleBakery();
  const out = join(bakery.folder, 'out');
  const release = async (list: string, retention = ''): Promise<string> => {
    await bakery.write('bakery.yaml', `recipes: [recipes]\n${retention}`);
    await bakery.write('release_build_versions.txt', list);
    return (await runWell(bakery, ['release', '--format', 'erofs', '--no-test'])).stdout;
  };
  const memory = async (): Promise<unknown> =>
    JSON.parse(await readFile(join(out, 'alpha/alpha.retired.json'), 'utf8'));

  for (const version of ['1.0.0', '1.1.0', '1.2.0', '2.0.0']) await bakery.putOut('alpha', version);
  await release('alpha 1.0.0\nalpha 1.1.0\nalpha 1.2.0\nalpha latest\n');
  expect(await listed(out)).toHaveLength(4);

  const list = 'alpha 1.1.0 # an old host\nalpha latest\n';
  const keep = 'settings: { retention: { keep: 1 } }\n';
  const why = 'of each stream only the newest 1 are kept';
  expect(await release(list, keep)).toContain(`alpha 1.0.0 is named by no index any more: ${why}.\n`);
  for (const folder of [out, join(out, 'alpha')])
    expect(await listed(folder)).toEqual(['1.1.0', '1.2.0', '2.0.0'].map(image));
  const retired = { since: expect.any(String), why };
  expect(await memory()).toEqual({ retired: 1, versions: { '1.0.0': retired } });
  const { stdout } = await runWell(bakery, ['info', 'alpha', '--json']);
  const shown = expect.objectContaining({ version: '1.0.0', listed: false, retired });
  expect(JSON.parse(stdout)).toMatchObject({ versions: expect.arrayContaining([shown]) });
  expect(await readdir(out)).toContain('alpha-1.0.0');
  expect(await release(list, keep)).toBe('Nothing to do: all 2 wanted versions are in dir:out.\n');

  // Another look at an index has no reason to name them again; who turns retention off has.
  await runWell(bakery, ['yank', 'alpha:2.0.0', '--why', 'bad']);
  expect(await listed(out)).toEqual(['1.1.0', '1.2.0'].map(image));
  await runWell(bakery, ['yank', 'alpha:2.0.0', '--undo']);
  await release(list);
  expect(await listed(out)).toHaveLength(4);

  const now = 'settings: { retention: { keep: 1, remove-after: 0 } }\n';
  expect(await release(list, now)).toContain(`alpha 1.0.0 is removed from the store: ${why}.\n`);
  expect(await readdir(out)).not.toContain('alpha-1.0.0');
  // The catalogue was told of it in that very run.
  expect(await release(list, now)).toBe('Nothing to do: all 2 wanted versions are in dir:out.\n');
  expect(await memory()).toEqual({ retired: 1, versions: { '1.0.0': retired } });

  // Wanted once more, it is built once more.
  await release(`alpha 1.0.0\n${list}`, now);
  expect(await listed(out)).toHaveLength(4);
  await expect(memory()).rejects.toThrow('ENOENT');
});

it('tells what is wrong with a retention by its place', async () => {
  await using bakery = await exampleBakery();
  await bakery.write('bakery.yaml', 'extensions:\n  alpha: { retention: { remove-after: 3 } }\n');
  const { code, stderr } = await runBakery(bakery, ['check']);
  expect(code).toBe(1);
  expect(stderr).toContain('bakery.yaml:2:12 extensions.alpha.retention: expected keep: N or since: DATE');
});

async function listed(folder: string): Promise<string[]> {
  return [...(await manifestOf(folder)).keys()].filter((file) => file.endsWith('-arm64.raw'));
}

function image(version: string): string {
  return `alpha-${version}-arm64.raw`;
}
