import { mkdir, mkdtempDisposable, open, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runChecked } from '../../ports/run-checked.ts';
import { spawnExec } from '../../ports/spawn.ts';
import { withSystemFolders } from '../../tools/search-path.ts';
import { walkTree, type TreeEntry } from '../walk-tree.ts';
import { crc32c } from './crc32c.ts';
import { extractExt } from './extract-ext.ts';
import { planLayout } from './layout.ts';
import { flavours } from './superblock-bytes.ts';
import { writeExt } from './write-ext.ts';

const exec = spawnExec({ ...process.env, PATH: withSystemFolders(process.env['PATH'] ?? '') });

const MiB = 2 ** 20;
const kinds = ['ext4', 'ext2'] as const;

describe('writeExt', () => {
  it.each(kinds)('spreads a large file over many groups of an %s image', async (kind) => {
    await using folder = await temporary();
    const tree = join(folder.path, 'tree');
    await mkdir(tree);
    await writeMarks(join(tree, 'large'), 800 * MiB);
    const image = await write(folder.path, kind, await walkTree(tree), 1024 * MiB);
    await runChecked(exec, 'e2fsck', ['-fn', image]);
    const out = join(folder.path, 'out');
    await mkdir(out);
    await extractExt(image, out);
    expect((await stat(join(out, 'large'))).size).toBe(800 * MiB);
    expect(await readMarks(join(out, 'large'), 800 * MiB)).toEqual(
      await readMarks(join(tree, 'large'), 800 * MiB),
    );
  });

  it.each(kinds)('makes an %s image of any size that e2fsck finds nothing wrong with', async (kind) => {
    await using folder = await temporary();
    for (const size of [1, 127.99, 128.01, 128.5, 257].map((mebibytes) => Math.floor(mebibytes * MiB))) {
      const image = await write(folder.path, kind, [rootEntry], size, `${size}.raw`);
      await runChecked(exec, 'e2fsck', ['-fn', image]);
    }
  });

  it.each(kinds)('keeps times after 2038 in an %s image', async (kind) => {
    await using folder = await temporary();
    const image = await write(folder.path, kind, [rootEntry], 4 * MiB, 'x.raw', 4_294_967_295);
    const told = await runChecked(exec, 'debugfs', ['-R', 'stat <2>', image], { env: { TZ: 'UTC' } });
    expect(told).toContain('mtime: 0xffffffff:00000001 -- Sun Feb  7 06:28:15 2106');
  });

  it('says so when the tree does not fit', async () => {
    await using folder = await temporary();
    const tree = join(folder.path, 'tree');
    await mkdir(tree);
    await writeMarks(join(tree, 'large'), 3 * MiB);
    const job = { output: join(folder.path, 'x.raw'), size: 3 * MiB, ...about('ext4') };
    expect(await writeExt(await walkTree(tree), job, () => {})).toBeUndefined();
  });

  it('refuses what an extension cannot hold', async () => {
    await using folder = await temporary();
    const pipe: TreeEntry = { ...rootEntry, path: '/pipe', kind: 'special' };
    const job = { output: join(folder.path, 'x.raw'), size: MiB, ...about('ext4') };
    await expect(writeExt([rootEntry, pipe], job, () => {})).rejects.toThrow(
      '/pipe: expected a file, folder or symlink',
    );
  });
});

describe('planLayout', () => {
  it.each([
    [0, 12, undefined],
    [MiB, 40_000, undefined],
    [MiB, 12, 1],
    [128 * MiB + 4096, 12, 1],
    [1024 * MiB, 12, 8],
  ])('divides %i bytes for %i inodes', (bytes, inodes, groups) => {
    expect(planLayout(bytes, inodes)?.groups.length).toBe(groups);
  });
});

describe('crc32c', () => {
  it('is the one of RFC 3720, B.4, but for the inversion at the end', () => {
    expect((crc32c(0xffffffff, Buffer.alloc(32)) ^ 0xffffffff) >>> 0).toBe(0x8a9136aa);
  });
});

const rootEntry: TreeEntry = {
  path: '/',
  source: '/nowhere',
  kind: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 0,
};

function about(kind: 'ext4' | 'ext2', epoch = 0) {
  return { flavour: flavours[kind], uuid: Buffer.alloc(16, 7), epoch };
}

async function write(
  folder: string,
  kind: 'ext4' | 'ext2',
  entries: readonly TreeEntry[],
  size: number,
  name = 'x.raw',
  epoch = 0,
): Promise<string> {
  const output = join(folder, name);
  expect(await writeExt(entries, { output, size, ...about(kind, epoch) }, () => {})).toBe(true);
  return output;
}

/** A file of zeros that takes no room, with a number every 10 MiB and at its end. */
async function writeMarks(path: string, size: number): Promise<void> {
  await using file = await open(path, 'w');
  await file.truncate(size);
  for (const at of marks(size)) await file.write(String(at), at);
}

async function readMarks(path: string, size: number): Promise<string[]> {
  await using file = await open(path);
  const read = async (at: number) => (await file.read(Buffer.alloc(16), 0, 16, at)).buffer.toString();
  return Promise.all(marks(size).map(read));
}

function marks(size: number): number[] {
  return [...Array.from({ length: Math.ceil(size / (10 * MiB)) }, (_, index) => index * 10 * MiB), size - 16];
}

function temporary() {
  return mkdtempDisposable(join(tmpdir(), 'ext-'));
}
