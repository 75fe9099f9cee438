import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { spawnExec } from '../ports/spawn.ts';
import { archiveFormat } from './archive-format.ts';
import { createTree } from './tree.ts';
import { unpack } from './unpack.ts';

const compressors = [
  ['gz', gzipSync],
  ['zst', zstdCompressSync],
  ['xz', (text: string) => execFileSync('xz', { input: text })],
  ['bz2', (text: string) => execFileSync('bzip2', { input: text })],
] as const;

it.each(compressors)('takes a single file out of .%s, as a program', async (format, compress) => {
  expect(await unpacked(format, compress('hello'))).toEqual({ content: 'hello', mode: '755' });
});

it.each(compressors)('bounds a single .%s file, and refuses a cut one', async (format, compress) => {
  const bytes = compress('hello');
  await expect(unpacked(format, bytes, 4)).rejects.toThrow(
    'expected at most 4 bytes when unpacked, got more',
  );
  await expect(unpacked(format, bytes.subarray(0, -6))).rejects.toThrow(`tool.${format}: member "content": `);
});

/** What becomes of the file in an archive of one. */
async function unpacked(format: string, bytes: Buffer, limit = 1_000_000) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'compressed-'));
  const name = `tool.${format}`;
  const path = join(folder.path, name);
  writeFileSync(path, bytes);
  const files = [{ member: 'content', target: { to: '/usr/bin/tool' } }];
  const root = join(folder.path, 'root');
  mkdirSync(root);
  const archive = { path, format: archiveFormat(name), label: name };
  await unpack(archive, { strip: 0, exclude: [], files, limit }, createTree(root), {
    exec: spawnExec(process.env),
  });
  const tool = join(root, 'usr/bin/tool');
  return { content: readFileSync(tool, 'utf8'), mode: (statSync(tool).mode & 0o777).toString(8) };
}
