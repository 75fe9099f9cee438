import { mkdir, mkdtempDisposable, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { verityKey } from './verity-key.ts';

const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
const certificate = key.replaceAll('PRIVATE KEY', 'CERTIFICATE');

it('takes a key and its certificate as they are, or from files, through links too', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'verity-key-'));
  await writeFile(join(folder.path, 'own.key'), key);
  await symlink('own.key', join(folder.path, 'link'));
  for (const given of [key, 'own.key', 'link', join(folder.path, 'own.key')]) {
    const env = { BAKERY_VERITY_KEY: given, BAKERY_VERITY_CERT: certificate };
    expect(await verityKey({ cwd: folder.path, env })).toEqual({ key, certificate });
  }
  expect(await verityKey({ cwd: folder.path, env: {} })).toBeUndefined();
});

it.each([
  'nothing',
  'folder',
  '/dev/zero',
  'endless',
  '../../../../../../etc/hostname',
  '-----BEGIN PRIVATE KEY-----',
  'half a key',
  'half\na key',
  'a\u0000b',
  '-x=y',
  'x'.repeat(5000),
  certificate,
])('refuses %j without a word of it', async (given) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'verity-key-'));
  await mkdir(join(folder.path, 'folder'));
  await writeFile(join(folder.path, 'endless'), key);
  await truncate(join(folder.path, 'endless'), 2 ** 36);
  const env = { BAKERY_VERITY_KEY: given, BAKERY_VERITY_CERT: certificate };
  await expect(verityKey({ cwd: folder.path, env })).rejects.toMatchObject({
    code: 'verity.key',
    message: 'BAKERY_VERITY_KEY: expected a secret key as PEM, or a file with one, got neither',
  });
});

it.each(['BAKERY_VERITY_KEY', 'BAKERY_VERITY_CERT'])('refuses %s alone', async (name) => {
  const env = { [name]: name.endsWith('KEY') ? key : certificate };
  await expect(verityKey({ cwd: '/', env })).rejects.toMatchObject({ code: 'verity.no-key' });
});
