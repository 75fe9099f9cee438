import { mkdir, mkdtempDisposable, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { UserError } from '../diagnostics/user-error.ts';
import { readNamed, whatStandsAt } from './named-file.ts';

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
beforeAll(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'named-file-'));
  const at = (name: string): string => join(folder.path, name);
  await writeFile(at('file'), 'text');
  await mkdir(at('folder'));
  await symlink('file', at('link'));
  await symlink('gone', at('dead'));
  await symlink('circle', at('circle'));
});
afterAll(async () => folder[Symbol.asyncDispose]());

const complain = (found: string): UserError => new UserError('input.invalid', `found ${found}`);

it.each([
  ['nothing', 'none'],
  ['file/below', 'none'],
  ['folder', 'a folder'],
  ['dead', 'a symlink to nothing'],
  ['circle', 'symlinks that lead in a circle'],
] as const)('says what stands at %s instead of a file', async (name, found) => {
  const path = join(folder.path, name);
  expect(await whatStandsAt(path)).toBe(found);
  await expect(readNamed(path, complain)).rejects.toEqual(complain(found));
});

it.each(['file', 'link'])('reads a %s', async (name) => {
  const path = join(folder.path, name);
  expect(await whatStandsAt(path)).toBe('a file');
  expect((await readNamed(path, complain)).toString()).toBe('text');
});

it('reads no more than it may, of a device without an end either', async () => {
  const path = join(folder.path, 'file');
  expect((await readNamed(path, complain, 4)).toString()).toBe('text');
  await expect(readNamed(path, complain, 3)).rejects.toThrow('file: expected at most 3 bytes, got more');
  await expect(readNamed('/dev/zero', complain)).rejects.toThrow('bytes, got more');
});

it('knows a device', async () => {
  expect(await whatStandsAt('/dev/null')).toBe('a device');
});
