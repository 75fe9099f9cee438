import { mkdtempDisposable, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openFakeStore } from '../../../testing/fake-store.ts';
import { manifest, newRelease } from '../../../testing/sample-releases.ts';
import { silentReport } from '../../ports/report.ts';
import { directoryStore } from '../../store/directory.ts';
import type { Store } from '../../store/store.ts';
import { readBack } from './read-back.ts';

const names = ['a', 'b'];
const image = 'a-1-x86-64.raw';

async function publishIn(store: Store): Promise<void> {
  const { text } = manifest(image);
  await using a = await newRelease('a-1', { [image]: image, SHA256SUMS: text });
  await using b = await newRelease('b-2', { 'b-2-arm64.raw': 'b-2-arm64.raw' });
  await store.publish(a);
  await store.publish(b);
}

it('reads all of a folder, and says what differs and what is gone', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'read-back-'));
  const open = () => directoryStore(folder.path, 'http://127.0.0.1/');
  await publishIn(open());
  expect(await readBack(open(), names, [], silentReport)).toEqual({ releases: 2, files: 3, differences: [] });
  const path = join(folder.path, 'a-1', image);
  const bytes = await readFile(path, 'utf8');
  await writeFile(path, bytes.toUpperCase());
  await rm(join(folder.path, 'b-2/b-2-arm64.raw'));
  const { differences } = await readBack(open(), names, [], silentReport);
  expect(differences.map(({ tag }) => tag)).toEqual(['a-1', 'b-2']);
  expect(differences[0]?.problem).toContain(image);
  expect((await readBack(open(), names, ['b'], silentReport)).differences).toHaveLength(1);
});

it('reads all of a repository', async () => {
  await using github = await openFakeStore();
  await publishIn(github.store());
  expect(await readBack(github.store(), names, [], silentReport)).toEqual({
    releases: 2,
    files: 3,
    differences: [],
  });
  expect(await github.store().hash('a-1', 'nothing')).toBeUndefined();
});

it('holds files against the manifest that hosts read, not only against what the store says', async () => {
  await using github = await openFakeStore();
  const other = `${'0'.repeat(64)}  ${image}\n${'1'.repeat(64)}  a-1-arm64.raw\n`;
  await using release = await newRelease('a-1', { [image]: image, SHA256SUMS: other });
  await github.store().publish(release);
  const { differences } = await readBack(github.store(), names, [], silentReport);
  expect(differences.map(({ file }) => file)).toEqual(['a-1-arm64.raw', image]);
});
