import { describe, expect, it } from '@jest/globals';
import { childPath, entryGuard } from './entry-guard.ts';
import type { Entry } from './entry.ts';

describe('childPath', () => {
  it.each([
    ['', 'names without "/" or dots only'],
    ['.', 'names without "/" or dots only'],
    ['..', 'names without "/" or dots only'],
    ['../etc/passwd', 'names without "/" or dots only'],
    ['a/b', 'names without "/" or dots only'],
    ['a\0b', 'without control characters'],
    ['a\nb', 'without control characters'],
    ['a\u001B[2Jb', 'without control characters'],
    ['a\u009Bb', 'without control characters'],
    ['ä'.repeat(128), 'at most 255 bytes'],
  ])('refuses %j', (name, message) => {
    expect(() => childPath('/usr', Buffer.from(name))).toThrow(message);
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(() => childPath('/usr', Buffer.from([0x61, 0xff]))).toThrow(
      'expected names in UTF-8, got "aÿ" in "/usr"',
    );
  });

  it.each(['a b', '-f', '"', '*', '…', 'ü'])('takes %j', (name) => {
    expect(childPath('/usr', Buffer.from(name))).toBe(`/usr/${name}`);
  });
});

describe('entryGuard', () => {
  it.each<[string, readonly Partial<Entry>[], string]>([
    ['a name twice', [{ path: '/a' }, { path: '/a' }], 'expected each name once, got "/a" twice'],
    [
      'a name below a file',
      [{ path: '/a' }, { path: '/a/b' }],
      '"/a/b": expected a folder above it, got file',
    ],
    ['a name below a link', [{ path: '/a', kind: 'symlink' }, { path: '/a/b' }], 'got symlink'],
    ['a name before its folder', [{ path: '/a/b' }], 'expected a folder above it, got nothing'],
    ['a step upwards', [{ path: '/..' }], 'names without "/" or dots only'],
    ['a doubled slash', [{ path: '//a' }], 'expected a plain path'],
    ['a slash at the end', [{ path: '/a/' }], 'expected a plain path'],
    ['a path from nowhere', [{ path: 'a' }], 'expected a plain path'],
  ])('refuses %s', (_what, entries, message) => {
    const guard = entryGuard();
    guard.admit(entry({ path: '/', kind: 'directory' }));
    expect(() => entries.forEach((one) => guard.admit(entry(one)))).toThrow(message);
  });
});

function entry(some: Partial<Entry>): Entry {
  return { path: '/', kind: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, ...some };
}
