import { execFile } from 'node:child_process';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { hashFile } from './hash-file.ts';
import { hashOf } from './hashing.ts';

it('hashes a file, and waits for nothing that is none', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'hash-file-'));
  const [file, pipe] = [join(folder.path, 'file'), join(folder.path, 'pipe')];
  await writeFile(file, 'text');
  await promisify(execFile)('mkfifo', [pipe]);
  expect(await hashFile(file)).toBe(hashOf('text'));
  await expect(hashFile(pipe)).rejects.toThrow(`${pipe}: expected a file, got a folder or a special file`);
  await expect(hashFile(folder.path)).rejects.toThrow('expected a file');
  await expect(hashFile(join(folder.path, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});
