import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable, rename, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findInFolder, findInRoot, specialKind } from './find-inside.ts';
import { openInside, readInside } from './open-inside.ts';

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
let inside: string;

beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'inside-'));
  inside = join(folder.path, 'in');
  mkdirSync(join(inside, 'a/b'), { recursive: true });
  writeFileSync(join(inside, 'a/b/file'), 'in');
  writeFileSync(join(folder.path, 'secret'), 'secret');
});
afterEach(() => folder.remove());

const leaving: readonly [name: string, links: Readonly<Record<string, string>>, path: string][] = [
  ['an absolute link', { l: '/etc/passwd' }, 'l'],
  ['a link that climbs out', { l: '../secret' }, 'l'],
  ['a link that climbs out of a folder below', { 'a/b/l': '../../../secret' }, 'a/b/l'],
  ['a folder that is a link', { l: '..' }, 'l/secret'],
  ['a link behind a link', { l: 'a/m', 'a/m': '/etc/passwd' }, 'l'],
  ['a link to its own folder from above', { l: '../in/a' }, 'l/b/file'],
  ['a link to the top', { l: '/' }, 'l/etc/passwd'],
  ['a link to nothing outside', { l: '/no/such/file' }, 'l'],
];

describe('in a folder of a stranger', () => {
  it.each(leaving)('%s is refused by name', (_name, links, path) => {
    for (const [link, to] of Object.entries(links)) symlinkSync(to, join(inside, link));
    expect(() => findInFolder(inside, path, 'sample')).toThrow(
      /^sample\/.*: expected nothing outside of sample, got a link to "/,
    );
  });

  it.each([
    [{ l: 'a/b/file' }, 'l'],
    [{ l: 'a' }, 'l/b/file'],
    [{ 'a/l': '../a/./b' }, 'a/l/file'],
    [{ l: 'm', m: 'a/b' }, 'l/file'],
    [{}, './a//b/file'],
  ])('links that stay in it are followed: %j', (links, path) => {
    for (const [link, to] of Object.entries(links)) symlinkSync(to, join(inside, link));
    expect(findInFolder(inside, path)).toMatchObject({ path: '/a/b/file', at: join(inside, 'a/b/file') });
  });

  it('an absolute link may name the folder itself', () => {
    symlinkSync(join(inside, 'a'), join(inside, 'l'));
    expect(findInFolder(inside, 'l/b/file')?.path).toBe('/a/b/file');
  });

  it('nothing, a link in a circle and a file below a file are not there', () => {
    symlinkSync('l', join(inside, 'l'));
    for (const path of ['x', 'l', 'a/b/file/x']) expect(findInFolder(inside, path)).toBeUndefined();
  });

  it('special files are named and never waited for', async () => {
    execFileSync('mkfifo', [join(inside, 'pipe')]);
    execFileSync('mknod', [join(inside, 'zero'), 'c', '1', '5']);
    symlinkSync('pipe', join(inside, 'l'));
    const found = findInFolder(inside, 'l');
    expect(found === undefined ? undefined : specialKind(found)).toBe('a fifo');
    await expect(openInside(inside, 'l', 'sample')).rejects.toThrow('sample/l: expected a file, got a fifo');
    await expect(openInside(inside, 'zero', 'sample')).rejects.toThrow(
      'sample/zero: expected a file, got a device',
    );
    await expect(openInside(inside, 'a', 'sample')).rejects.toThrow(
      'sample/a: expected a file, got a folder',
    );
  });

  it('no more of a file is read than expected', async () => {
    expect((await readInside(inside, 'a/b/file', { maxBytes: 2 }))?.toString()).toBe('in');
    await expect(readInside(inside, 'a/b/file', { maxBytes: 1 })).rejects.toThrow(
      'expected at most 1 bytes, got 2',
    );
  });

  it('whoever changes it meanwhile gets nothing of the outside read', async () => {
    const outside = join(folder.path, 'out');
    mkdirSync(outside);
    writeFileSync(join(outside, 'file'), 'secret');
    const place = join(inside, 'a/b');
    const stop = new AbortController();
    const swapping = (async () => {
      while (!stop.signal.aborted) {
        await rename(place, join(inside, 'kept'));
        await symlink(outside, place);
        await unlink(place);
        await rename(join(inside, 'kept'), place);
      }
    })();
    for (let round = 0; round < 500; round += 1) {
      const text = await readInside(inside, 'a/b/file', { maxBytes: 100 }).catch(
        (error: Error) => error.name,
      );
      expect(['in', 'UserError', undefined]).toContain(text?.toString());
    }
    stop.abort();
    await swapping;
  });
});

it('in a root every link stays, as if the root were all there is', () => {
  symlinkSync('/a', join(inside, 'l'));
  symlinkSync('../../../../a/b', join(inside, 'm'));
  symlinkSync('/etc', join(inside, 'n'));
  expect(findInRoot(inside, '/l/b/file')?.at).toBe(join(inside, 'a/b/file'));
  expect(findInRoot(inside, '/m/file')?.at).toBe(join(inside, 'a/b/file'));
  expect(findInRoot(inside, '../../a')?.at).toBe(join(inside, 'a'));
  expect(findInRoot(inside, '/n/passwd')).toBeUndefined();
});
