import { execFile } from 'node:child_process';
import { mkdir, mkdtempDisposable, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { readPlain } from './read-plain.ts';

it('reads a file, also through a link in its folder, and knows when there is none', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'read-plain-'));
  await writeFile(join(folder.path, 'real'), 'text');
  await symlink('real', join(folder.path, 'link'));
  for (const name of ['real', 'link']) {
    expect((await readPlain(join(folder.path, name), { maxBytes: 4 }))?.toString()).toBe('text');
  }
  expect(await readPlain(join(folder.path, 'none'), { maxBytes: 4 })).toBeUndefined();
});

it('refuses links that leave, what is no file, and what is too large, by the name people know', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'read-plain-'));
  const at = (name: string): string => join(folder.path, name);
  await writeFile(at('large'), 'texts');
  await symlink('/etc/passwd', at('leaving'));
  await mkdir(at('folder'));
  await promisify(execFile)('mkfifo', [at('pipe')]);
  const said = (name: string) => readPlain(at(name), { maxBytes: 4, shown: `shown/${name}` });
  await expect(said('large')).rejects.toThrow('shown/large: expected at most 4 bytes, got 5');
  await expect(said('leaving')).rejects.toThrow(
    'shown/leaving: expected nothing outside of shown, got a link to',
  );
  await expect(said('folder')).rejects.toThrow('shown/folder: expected a file, got a folder');
  await expect(said('pipe')).rejects.toThrow('shown/pipe: expected a file, got a fifo');
});
