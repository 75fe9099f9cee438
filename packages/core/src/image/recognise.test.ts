import { mkdir, mkdtempDisposable, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { runChecked } from '../ports/run-checked.ts';
import { spawnExec } from '../ports/spawn.ts';
import { withSystemFolders } from '../tools/search-path.ts';
import { detectFormat } from './detect-format.ts';

const exec = spawnExec({ ...process.env, PATH: withSystemFolders(process.env['PATH'] ?? '') });

describe('detectFormat', () => {
  it.each<[string, (file: string) => Promise<unknown>, string]>([
    ['a DDI', disk, 'got a disk with a GPT (a DDI'],
    ['a .raw.xz', (file) => packed('xz', file), 'got an xz file: unpack it first (xz -dk)'],
    ['a .raw.zst', (file) => writeFile(file, zstdCompressSync('image')), 'got a zstd file: unpack it first'],
    ['a .raw.gz', (file) => writeFile(file, gzipSync('image')), 'got a gzip file: unpack it first'],
    [
      'a tar archive',
      (file) => runChecked(exec, 'tar', ['-cf', file, '-C', '/etc', 'hostname']),
      'got a tar archive',
    ],
    ['a program', (file) => runChecked(exec, 'cp', [process.execPath, file]), 'got a program (ELF)'],
    ['a page', (file) => writeFile(file, '<!doctype html><title>404</title>'), 'got a page of HTML'],
    ['an empty file', (file) => writeFile(file, ''), 'got an empty file'],
    ['zeros without end', zeros, 'got a file that begins with nothing but zeros'],
    ['a folder', (file) => mkdir(file), 'found a folder'],
    ['a pipe', (file) => runChecked(exec, 'mkfifo', [file]), 'found a pipe or socket'],
    ['text', (file) => writeFile(file, 'not an image'), 'got a file that begins with 6e6f7420616e2069'],
  ])('names %s for what it is', async (_what, make, message) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'recognise-'));
    const file = join(folder.path, 'x.raw');
    await make(file);
    await expect(detectFormat(file)).rejects.toThrow(message);
    await expect(detectFormat(file)).rejects.toThrow(`${file}: expected an image`);
  });
});

/** The first two sectors of a disk with a GPT. */
async function disk(file: string): Promise<void> {
  const bytes = Buffer.alloc(8192);
  bytes.writeUInt16BE(0x55aa, 510);
  bytes.write('EFI PART', 512);
  await writeFile(file, bytes);
}

async function zeros(file: string): Promise<void> {
  await writeFile(file, '');
  await truncate(file, 2 ** 40);
}

async function packed(program: string, file: string): Promise<void> {
  await writeFile(`${file}.plain`, 'image');
  await runChecked(exec, program, ['-k', '-S', '.packed', `${file}.plain`]);
  await runChecked(exec, 'mv', [`${file}.plain.packed`, file]);
}
