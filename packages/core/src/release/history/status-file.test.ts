import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openFakeStore, repository } from '../../../testing/fake-store.ts';
import { silentReport } from '../../ports/report.ts';
import { directoryStore } from '../../store/directory.ts';
import { readBack } from '../publish/read-back.ts';
import { nextStatus, readStatus, writeStatus, type Outcome } from './status-file.ts';

const day = 86_400_000;
const none: Outcome = { failed: [], looked: [], waiting: [] };
const fails = (extension: string, why = 'no such file'): Outcome['failed'][number] => ({
  extension,
  version: '1.0',
  why,
});
const empty = nextStatus({ status: 1, failing: {} }, none, 0);

it('remembers since when an extension fails, until it is looked at and well', () => {
  const first = nextStatus(empty, { ...none, failed: [fails('a'), fails('b')] }, 0);
  const second = nextStatus(first, { ...none, looked: ['a', 'b'], failed: [fails('a', 'other')] }, day);
  expect(second.failing).toEqual({ a: { version: '1.0', since: '1970-01-01T00:00:00.000Z', why: 'other' } });
  expect(nextStatus(second, { ...none, looked: ['b'] }, 2 * day)).toEqual(second);
  expect(nextStatus(second, { ...none, looked: ['a'], waiting: [{ extension: 'a' }] }, day)).toEqual(second);
  expect(nextStatus(second, { ...none, looked: ['a'] }, day)).toEqual(empty);
});

it('forgets what the release list no longer names, unless it fails now', () => {
  const both = nextStatus(empty, { ...none, failed: [fails('a'), fails('b')] }, 0);
  const listed = new Set(['a']);
  expect(Object.keys(nextStatus(both, { ...none, listed }, day).failing)).toEqual(['a']);
  expect(Object.keys(nextStatus(both, { ...none, listed, failed: [fails('b')] }, day).failing)).toEqual([
    'a',
    'b',
  ]);
});

it('counts the nights of what is left out, which is no failure', () => {
  const out = { ...none, looked: ['a'], leftOut: [{ extension: 'a', version: '2.0', why: 'lacks x' }] };
  const first = nextStatus(empty, out, 0);
  const since = '1970-01-01T00:00:00.000Z';
  expect(first.failing).toEqual({ a: { version: '2.0', since, why: 'lacks x', leftOut: true } });
  expect(nextStatus(first, out, day)).toEqual(first);
  const red = nextStatus(first, { ...out, failed: [fails('a')] }, day);
  expect(red.failing).toEqual({ a: { version: '1.0', since, why: 'no such file' } });
  expect(nextStatus(red, { ...none, looked: ['a'] }, day)).toEqual(empty);
});

it('does not change while the same fails for the same reason', () => {
  const first = nextStatus(empty, { ...none, failed: [fails('a')] }, 0);
  expect(nextStatus(first, { ...none, looked: ['a'], failed: [fails('a')] }, 9 * day)).toEqual(first);
});

it('is kept in a folder, where something ever failed, and read back', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'status-'));
  const store = directoryStore(join(folder.path, 'out'), 'http://127.0.0.1');
  await writeStatus(store, empty);
  expect(await store.publishedTags()).toEqual(new Set());
  const failing = nextStatus(empty, { ...none, failed: [fails('a')] }, 0);
  expect(await writeStatus(store, failing)).toBe('written');
  expect(await readStatus(store)).toEqual(failing);
  expect((await readBack(store, [], [], silentReport)).differences).toEqual([]);
  expect(await writeStatus(store, failing)).toBe('unchanged');
  expect(await writeStatus(store, empty)).toBe('written');
  expect(await readStatus(store)).toEqual(empty);
});

it('is kept on GitHub, and written only when it changes', async () => {
  await using github = await openFakeStore();
  const failing = nextStatus(empty, { ...none, failed: [fails('a')] }, 0);
  await writeStatus(github.store(), empty);
  expect(github.fake.releases(repository)).toEqual([]);
  expect(await writeStatus(github.store(), failing)).toBe('written');
  expect(github.fake.releases(repository).map(({ tag }) => tag)).toEqual(['bakery-status']);
  github.fake.clearLog();
  expect(await writeStatus(github.store(), failing)).toBe('unchanged');
  expect(await readStatus(github.store())).toEqual(failing);
  expect([...github.fake.writes()]).toEqual([]);
});
