import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtempDisposable, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ownedFolder, ownedName, removeAbandoned } from './owned-folder.ts';

it('removes what a dead process left, files and folders', async () => {
  await using parent = await mkdtempDisposable(join(tmpdir(), 'owned-'));
  const child = spawn('sleep', ['60']);
  const names = await Promise.all(['bakery-', 'bakery-', ''].map((prefix) => ownedName(prefix, child.pid)));
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
