import { copyFile, mkdtempDisposable, readFile, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { indexOf, newRelease, sha256, text } from '../../../testing/sample-releases.ts';
import { directoryStore } from '../directory.ts';

let stack: AsyncDisposableStack;
let root: string;
let image: string;
let sums: string;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  root = stack.use(await mkdtempDisposable(join(tmpdir(), 'read-release-'))).path;
  [image, sums] = [join(root, 'a-1/a-1-arm64.raw'), join(root, 'a-1/SHA256SUMS')];
  const manifest = `${sha256('good')}  a-1-arm64.raw\n`;
  await using release = await newRelease('a-1', { 'a-1-arm64.raw': 'good', SHA256SUMS: manifest });
  await directoryStore(root, '').publish(release);
});
afterEach(() => stack.disposeAsync());

it.each([
  [
    'an image of the same size',
    () => writeFile(image, 'evil'),
    `expected sha256 ${sha256('good')}, got ${sha256('evil')}`,
  ],
  ['an image that is gone', () => rm(image), `a-1-arm64.raw: expected sha256 ${sha256('good')}, got nothing`],
  [
    'a manifest that names another image',
    () => writeFile(sums, `${sha256('evil')}  a-1-arm64.raw\n`),
    'SHA256SUMS: expected sha256',
  ],
  ['a manifest that names an image less', () => writeFile(sums, '\n'), 'SHA256SUMS: expected sha256'],
])('refuses a release with %s, and no index forgets it', async (_, spoil, complaint) => {
  await spoil();
  const store = directoryStore(root, '');
  await expect(store.releases(['a-1'])).rejects.toThrow(complaint);
  expect(await store.publishedTags()).toEqual(new Set(['a-1']));
  const plan = async () => indexOf(text('a.conf', String((await store.releases(['a-1'])).length)))();
  await expect(store.replace('a', plan)).rejects.toThrow('release a-1 is not as it was published');
});

it('reads a file again only when it is another, by size, time or number', async () => {
  const { ino, mtimeNs } = await stat(image, { bigint: true });
  expect(await recorded()).toMatchObject({ size: 4, inode: String(ino), mtime: String(mtimeNs) });
  await copyFile(image, `${image}.copy`);
  await unlink(image);
  await copyFile(`${image}.copy`, image);
  await utimes(image, 1, 1);
  const store = directoryStore(root, '');
  await store.replace('a', async () =>
    indexOf(text('a.conf', String((await store.releases(['a-1'])).length)))(),
  );
  expect(await recorded()).toMatchObject({ size: 4, mtime: '1000000000', sha256: sha256('good') });
});

it('says what to do with a record that cannot be read, and goes on without it', async () => {
  const record = join(root, '.bakery/record/a-1.json');
  await writeFile(record, '{');
  await expect(directoryStore(root, '').releases(['a-1'])).rejects.toMatchObject({
    message: `${record}: expected the record of what the store wrote, got something else`,
    hint: 'remove that file: what SHA256SUMS proves is taken over again',
  });
  await rm(record);
  expect(await directoryStore(root, '').releases(['a-1'])).toHaveLength(1);
});

async function recorded(): Promise<unknown> {
  const record = JSON.parse(await readFile(join(root, '.bakery/record/a-1.json'), 'utf8'));
  return record.files['a-1-arm64.raw'].seen;
}
