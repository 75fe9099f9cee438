import { mkdir, mkdtempDisposable, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openFakeStore, repository } from '../../../testing/fake-store.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import { silentReport } from '../../ports/report.ts';
import { directoryStore } from '../../store/directory.ts';
import { readBack } from '../publish/read-back.ts';
import { nextStatus, readStatus, writeStatus, type Outcome, type Status } from './status-file.ts';

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
  const waits = { extension: 'a', version: '2.0', why: 'the next run builds it' };
  const second = nextStatus(first, { ...none, looked: ['a', 'b'], failed: [fails('a', 'other')] }, day);
  expect(second.failing).toEqual({ a: { version: '1.0', since: '1970-01-01T00:00:00.000Z', why: 'other' } });
  expect(nextStatus(second, { ...none, looked: ['b'] }, 2 * day)).toEqual(second);
  expect(nextStatus(second, { ...none, looked: ['a'], waiting: [waits] }, day)).toMatchObject(second);
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

describe('what others wrote in its place', () => {
  const good = { version: '1.0', since: '2026-01-01T00:00:00Z', why: 'x' };
  const escapes = '\u001b[31m\u202e\nforged';

  it.each<[string, string, Status['failing']]>([
    ['nothing', '', {}],
    ['a list', '[]', {}],
    ['a list where extensions should be', of([]), {}],
    ['lists in lists', '['.repeat(100_000), {}],
    ['objects in objects', `{"status":1,"failing":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_001)}`, {}],
    ['another version', JSON.stringify({ status: 2, failing: { a: good } }), {}],
    ['one of a wrong type', of({ a: 7, b: good }), { b: good }],
    ['a day that there is not', of({ a: { ...good, since: '2026-02-31T00:00:00Z' }, b: good }), { b: good }],
    ['no time', of({ a: { ...good, since: 'since ever' }, b: good }), { b: good }],
    [
      'names that lead elsewhere',
      of({ '../../a': good, '<script>': good, [escapes]: good, b: good }),
      { b: good },
    ],
    [
      'a prototype',
      `{"status":1,"failing":{"__proto__":${JSON.stringify(good)},"b":${JSON.stringify(good)}}}`,
      { b: good },
    ],
    [
      'books',
      of({ a: { ...good, version: '1'.repeat(9000), why: 'y'.repeat(9000) } }),
      { a: { ...good, version: '1'.repeat(200), why: 'y'.repeat(4000) } },
    ],
  ])('%s is passed over', async (_what, text, failing) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'status-'));
    await mkdir(join(folder.path, 'bakery-status'));
    await writeFile(join(folder.path, 'bakery-status', 'status.json'), text);
    const status = await readStatus(directoryStore(folder.path, 'http://127.0.0.1'));
    expect(status).toEqual({ status: 1, failing });
    expect(nextStatus(status, { ...none, failed: [fails('constructor')] }, 0).failing['constructor']).toEqual(
      { version: '1.0', since: '1970-01-01T00:00:00.000Z', why: 'no such file' },
    );
  });

  it('a folder, a link or a file without end is passed over too', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'status-'));
    const store = directoryStore(join(folder.path, 'out'), 'http://127.0.0.1');
    const file = join(folder.path, 'out/bakery-status/status.json');
    await mkdir(file, { recursive: true });
    expect(await readStatus(store)).toEqual({ status: 1, failing: {} });
    await rm(file, { recursive: true });
    await writeFile(join(folder.path, 'status.json'), of({ a: good }));
    await symlink(join(folder.path, 'status.json'), file);
    expect(await readStatus(store)).toEqual({ status: 1, failing: {} });
    await rm(file);
    await writeFile(file, '');
    await truncate(file, 2 ** 40);
    expect(await readStatus(store)).toEqual({ status: 1, failing: {} });
  });

  it('a store that does not answer is no empty one', async () => {
    await using github = await openFakeStore();
    const broken = {
      ...github.store(),
      read: () => Promise.reject(new UserError('fetch.unreachable', 'no')),
    };
    await expect(readStatus(broken)).rejects.toThrow('no');
  });

  it('what fails since tomorrow fails since now', () => {
    const tomorrow = nextStatus(empty, { ...none, failed: [fails('a')] }, day);
    const today = nextStatus(tomorrow, { ...none, failed: [fails('a')] }, 0);
    expect(today.failing['a']?.since).toBe('1970-01-01T00:00:00.000Z');
  });
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

function of(failing: unknown): string {
  return JSON.stringify({ status: 1, failing });
}
