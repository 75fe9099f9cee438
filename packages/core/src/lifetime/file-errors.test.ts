import { once } from 'node:events';
import { mkdir, mkdtempDisposable, readdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { UserError } from '../diagnostics/user-error.ts';
import { asUserError, inFile } from './file-errors.ts';

it('says what a disk did and where', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'file-errors-'));
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  expect(asUserError(await failure(mkdir(join(file, 'x'))))?.message).toBe(
    `${file}/x: expected a folder, found a file`,
  );
  expect(asUserError(await failure(mkdir(file, { recursive: true })))?.message).toBe(
    `${file}: expected a folder, found something else`,
  );
  expect(asUserError(await failure(writeFile(folder.path, '')))?.message).toBe(
    `${folder.path}: expected a file, found a folder`,
  );
});

it('names the file that was open', async () => {
  await expect(inFile('/some/file', writeFile('/dev/full', 'x'))).rejects.toMatchObject({
    message: '/some/file: the disk is full',
    hint: expect.any(String),
  });
});

it('takes what is our own mistake for a bug, and what a socket says for something else', async () => {
  expect(asUserError(await failure(readdir('/nowhere/at/all')))).toBeUndefined();
  expect(asUserError(new Error('ENOSPC'))).toBeUndefined();
  const [refused] = await once(connect('/nowhere/socket'), 'error').catch((error: unknown) => [error]);
  expect(asUserError(refused)).toBeUndefined();
});

it('tells what went wrong before what went wrong while cleaning up', async () => {
  const first = new UserError('system.file', 'first');
  expect(asUserError(new SuppressedError(new Error('second'), first))).toBe(first);
});

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}
