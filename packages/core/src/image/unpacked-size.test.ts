import { link, mkdir, mkdtempDisposable, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { unpackedSize } from './unpacked-size.ts';
import { walkTree } from './walk-tree.ts';

it('is what files hold, each once: links and folders take nothing that a reader could count on', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'unpacked-'));
  const bin = join(folder.path, 'usr/bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'one'), 'a'.repeat(1000));
  await writeFile(join(bin, 'two'), 'a'.repeat(7));
  await link(join(bin, 'one'), join(bin, 'other'));
  await symlink('one', join(bin, 'alias'));
  expect(unpackedSize(await walkTree(folder.path))).toBe(1007);
});
