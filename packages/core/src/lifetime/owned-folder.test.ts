import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtempDisposable, readdir, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ownedFolder, removeAbandoned } from './owned-folder.ts';
import { bootId, ownerOf, ownerToken } from './owner.ts';

it('removes what a dead process left, files and folders', async () => {
  await using parent = await mkdtempDisposable(join(tmpdir(), 'owned-'));
  const child = spawn('sleep', ['60']);
  const names = ['bakery-', 'bakery-', ''].map((prefix) => prefix + ownerToken(ownerOf(child.pid)));
  const [folder = '', file = '', other = ''] = names;
  await mkdir(join(parent.path, folder, 'root'), { recursive: true });
  await writeFile(join(parent.path, file), '');
  await writeFile(join(parent.path, other), '');
  await removeAbandoned(parent.path, 'bakery-');
  expect(await readdir(parent.path)).toHaveLength(3);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await removeAbandoned(parent.path, 'bakery-');
  expect(await readdir(parent.path)).toEqual([other]);
  await removeAbandoned(parent.path);
  expect(await readdir(parent.path)).toEqual([]);
});

it('leaves alone what belongs to a living process, and names that only look alike', async () => {
  await using parent = await mkdtempDisposable(join(tmpdir(), 'owned-'));
  await using mine = await ownedFolder(parent.path, 'bakery-');
  const strangers = ['bakery-1234', 'bakery-1-2_3-4', `x${basename(mine.path)}`];
  await Promise.all(strangers.map((name) => writeFile(join(parent.path, name), '')));
  await removeAbandoned(parent.path, 'bakery-');
  expect((await readdir(parent.path)).toSorted()).toEqual([basename(mine.path), ...strangers].toSorted());
});

it('takes a folder that is not there for an empty one', async () => {
  await expect(removeAbandoned('/nowhere/at/all')).resolves.toBeUndefined();
});

it('leaves alone what a process it cannot see gives a sign of, and removes it when there is none for an hour', async () => {
  await using parent = await mkdtempDisposable(join(tmpdir(), 'owned-'));
  const here = ownerOf();
  const elsewhere = [
    ownerToken({ ...here, namespace: '1' }),
    ownerToken({ ...here, boot: '0123456789abcdef' }),
    `${here.pid}-01234567-89ab-cdef-0123-456789abcdef_1-01234567-89ab-cdef-0123-456789abcdef`,
    `4194305-${bootId()}_1-01234567-89ab-cdef-0123-456789abcdef`,
  ];
  for (const name of elsewhere) await mkdir(join(parent.path, name));
  await removeAbandoned(parent.path);
  expect((await readdir(parent.path)).toSorted()).toEqual(elsewhere.toSorted());
  const [silent = '', ...alive] = elsewhere;
  const twoHoursAgo = new Date(Date.now() - 2 * 3_600_000);
  await utimes(join(parent.path, silent), twoHoursAgo, twoHoursAgo);
  await removeAbandoned(parent.path);
  expect((await readdir(parent.path)).toSorted()).toEqual(alive.toSorted());
  await removeAbandoned(parent.path, '', Date.now() + 2 * 3_600_000);
  expect(await readdir(parent.path)).toEqual([]);
});
