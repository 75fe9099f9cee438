import { mkdir, mkdtempDisposable, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { provisionalFolder } from './provisional-folder.ts';

it('takes away what it made, and nothing that was there before', async () => {
  await using temporary = await mkdtempDisposable(join(tmpdir(), 'provisional-'));
  const there = join(temporary.path, 'there');
  await mkdir(there);
  {
    await using _folder = await provisionalFolder(join(there, 'missing/deep'));
    expect(await readdir(there, { recursive: true })).toEqual(['missing', 'missing/deep']);
  }
  expect(await readdir(temporary.path, { recursive: true })).toEqual(['there']);
});

it('leaves what has come into it, and what that is in', async () => {
  await using temporary = await mkdtempDisposable(join(tmpdir(), 'provisional-'));
  {
    await using _folder = await provisionalFolder(join(temporary.path, 'a/b/c'));
    await writeFile(join(temporary.path, 'a/b/file'), '');
  }
  expect((await readdir(temporary.path, { recursive: true })).toSorted()).toEqual(['a', 'a/b', 'a/b/file']);
});
