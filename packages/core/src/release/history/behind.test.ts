import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { directoryStore } from '../../store/directory.ts';
import { isWorthRemembering, nextStatus, readStatus, writeStatus, type Outcome } from './status-file.ts';

const day = 86_400_000;
const none: Outcome = { failed: [], looked: [], waiting: [] };
const fails = (extension: string): Outcome['failed'][number] => ({ extension, version: '1.0', why: 'no' });
const waits = (extension: string, version: string): Outcome['waiting'][number] => ({
  extension,
  version,
  why: 'a run builds no more than 1; the next run builds it',
});
const empty = nextStatus({ status: 1, failing: {} }, none, 0);

it('remembers by how many versions an extension is behind and since when, until none waits', () => {
  const waiting = [waits('a', '1.9'), waits('a', '1.10'), waits('a', '1.10'), waits('b', 'latest')];
  const first = nextStatus(empty, { ...none, looked: ['a', 'b'], waiting }, 0);
  const since = '1970-01-01T00:00:00.000Z';
  const why = 'a run builds no more than 1; the next run builds it';
  expect(first).toEqual({
    status: 1,
    failing: {},
    behind: { a: { versions: 2, newest: '1.10', since, why } },
  });
  const second = nextStatus(first, { ...none, looked: ['a'], waiting: [waits('a', '1.11')] }, day);
  expect(second.behind).toEqual({ a: { versions: 1, newest: '1.11', since, why } });
  expect(nextStatus(second, { ...none, looked: ['b'] }, 2 * day)).toEqual(second);
  expect(nextStatus(second, { ...none, looked: ['a'] }, 2 * day)).toEqual(empty);
  expect(nextStatus(second, { ...none, listed: new Set(['b']) }, 2 * day)).toEqual(empty);
});

it('does not take a version for late that somebody asked for by itself', () => {
  expect(nextStatus(empty, { ...none, waiting: [waits('a', '1.0')] }, 0)).toEqual(empty);
});

it('keeps a line of why a version waits, whatever its length', () => {
  const waiting = [{ extension: 'a', version: '1', why: 'x'.repeat(5000) }];
  expect(nextStatus(empty, { ...none, looked: ['a'], waiting }, 0).behind?.['a']?.why).toHaveLength(300);
});

it('has something to remember where anything fails, is left out or waits, or did before', () => {
  const late = nextStatus(empty, { ...none, looked: ['a'], waiting: [waits('a', '1')] }, 0);
  expect(isWorthRemembering(empty, none)).toBe(false);
  expect(isWorthRemembering(late, none)).toBe(true);
  expect(isWorthRemembering(empty, { ...none, waiting: [waits('a', '1')] })).toBe(true);
  expect(isWorthRemembering(empty, { ...none, failed: [fails('a')] })).toBe(true);
  expect(isWorthRemembering(empty, { ...none, leftOut: [fails('a')] })).toBe(true);
});

it('reads a file from before it was remembered who waits, and one with keys of later', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'status-'));
  const store = directoryStore(join(folder.path, 'out'), 'http://127.0.0.1');
  const failing = { a: { version: '1.0', since: '2026-11-20T03:04:05.000Z', why: 'no' } };
  for (const text of [
    { status: 1, failing },
    { status: 1, failing, later: true },
  ]) {
    await store.replace('bakery-status', () =>
      Promise.resolve({
        title: 'Status',
        notes: '',
        newest: false,
        assets: [{ name: 'status.json', text: JSON.stringify(text) }],
      }),
    );
    expect(await readStatus(store)).toEqual({ status: 1, failing });
  }
});

it('is kept in a folder where an extension waits and nothing ever failed', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'status-'));
  const store = directoryStore(join(folder.path, 'out'), 'http://127.0.0.1');
  const late = nextStatus(empty, { ...none, looked: ['a'], waiting: [waits('a', '1')] }, 0);
  expect(await writeStatus(store, late)).toBe('written');
  expect(await readStatus(store)).toEqual(late);
  expect(await writeStatus(store, nextStatus(late, { ...none, looked: ['a'] }, day))).toBe('written');
  expect(await readStatus(store)).toEqual(empty);
});

it('passes over what others wrote of who is behind, and cuts what is too long', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'status-'));
  const store = directoryStore(join(folder.path, 'out'), 'http://127.0.0.1');
  const good = { versions: 1, newest: '1.0', since: '2026-11-20T03:04:05.000Z', why: 'no time' };
  const read = async (behind: unknown) => {
    const text = JSON.stringify({ status: 1, failing: {}, behind });
    const assets = [{ name: 'status.json', text }];
    await store.replace('bakery-status', () =>
      Promise.resolve({ title: 'Status', notes: '', newest: false, assets }),
    );
    return (await readStatus(store)).behind;
  };
  expect(await read({ a: good, '../b': good, c: { ...good, versions: -1 }, d: 7 })).toEqual({ a: good });
  expect(await read({ a: { ...good, newest: '1'.repeat(900), why: 'y'.repeat(900) } })).toEqual({
    a: { ...good, newest: '1'.repeat(200), why: 'y'.repeat(300) },
  });
  expect(await read(['a'])).toBeUndefined();
  expect(await read('a')).toBeUndefined();
});

it('says of what waits since tomorrow, or has the name of what every object has, that it waits since now', () => {
  const before = nextStatus(empty, { ...none, looked: ['a'], waiting: [waits('a', '1')] }, day);
  const waiting = [waits('a', '1'), waits('constructor', '1')];
  const { behind = {} } = nextStatus(before, { ...none, looked: ['a', 'constructor'], waiting }, 0);
  expect(Object.values(behind).map(({ since }) => since)).toEqual([
    '1970-01-01T00:00:00.000Z',
    '1970-01-01T00:00:00.000Z',
  ]);
});
