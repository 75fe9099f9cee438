import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { settingsElsewhere } from './reference-env.ts';

const nothing = { store: undefined, hub: undefined };

it.each([
  [
    'bakery="own/fork"\nbakery_hub="hub.example"\n',
    'store: github:own/fork, hub: https://hub.example/extensions',
  ],
  ["# mine\nexport bakery='own/fork' # not theirs\n", 'store: github:own/fork'],
  ['  bakery_hub=hub.example', 'hub: https://hub.example/extensions'],
])('says what to write instead of %j', async (text, instead) => {
  await using folder = await folderWith(text);
  expect(await settingsElsewhere(folder.path, nothing)).toBe(
    `.env is not read; to the same effect write into bakery.yaml: ${instead}`,
  );
});

it('is silent about what is known, and about an .env of something else', async () => {
  await using theirs = await folderWith('bakery=own/fork\nbakery_hub=hub.example\n');
  const known = { store: 'github:own/fork', hub: 'https://hub.example/extensions' };
  expect(await settingsElsewhere(theirs.path, known)).toBeUndefined();
  await using other = await folderWith('MY_bakery=x\nTOKEN=1\n#bakery=own/fork\n');
  expect(await settingsElsewhere(other.path, nothing)).toBeUndefined();
  await using none = await mkdtempDisposable(join(tmpdir(), 'no-env-'));
  expect(await settingsElsewhere(none.path, nothing)).toBeUndefined();
});

async function folderWith(text: string) {
  const folder = await mkdtempDisposable(join(tmpdir(), 'reference-env-'));
  await writeFile(join(folder.path, '.env'), text);
  return folder;
}
