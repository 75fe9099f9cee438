import { mkdir, mkdtempDisposable, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { silentReport } from '../ports/report.ts';
import { runChecked } from '../ports/run-checked.ts';
import { spawnExec } from '../ports/spawn.ts';
import { withSystemFolders } from '../tools/search-path.ts';
import type { ImageFormat } from './formats.ts';
import { packImage } from './pack.ts';
import { verifyImage } from './verify.ts';

const path = withSystemFolders(process.env['PATH'] ?? '');
const exec = spawnExec({ ...process.env, PATH: path });
const isRoot = process.getuid?.() === 0;
const ctx = { exec, report: silentReport, path, isRoot };

/** Names of equal length take each other's place in an image; only formats without checksums of names allow it. */
describe('names that lead out of the folder', () => {
  const outside = 'ESCAPED';
  // From the folder an image is unpacked into, three steps lead above the scratch folder.
  const upwards = `../../../${outside}`;

  it.each(['erofs', 'squashfs', 'ext2'] as const)('are refused in a %s image', async (format) => {
    await using folder = await temporary();
    const image = await renamed(folder.path, format, [['usr/bin/placeholderNUM00', upwards.padEnd(16, 'x')]]);
    await expect(verify(folder.path, image)).rejects.toThrow(`damaged ${format} image`);
    expect(await traces(folder.path)).toEqual([]);
  });

  it.each(['erofs', 'squashfs', 'ext2'] as const)('are refused in a %s image as a folder', async (format) => {
    await using folder = await temporary();
    const image = await renamed(folder.path, format, [['usr/QQ/escaped', '..']]);
    await expect(verify(folder.path, image)).rejects.toThrow(`damaged ${format} image`);
    expect(await traces(folder.path)).toEqual([]);
  });
});

describe('names that are no names', () => {
  it.each(['erofs', 'squashfs', 'ext2'] as const)(
    'are refused twice in one folder of a %s image',
    async (format) => {
      await using folder = await temporary();
      const image = await renamed(
        folder.path,
        format,
        [['usr/bin/placeholderNUM00', 'placeholderNUM01']],
        ['usr/bin/placeholderNUM01'],
      );
      await expect(verify(folder.path, image)).rejects.toThrow(`damaged ${format} image`);
    },
  );

  it.each(['erofs', 'squashfs', 'ext2'] as const)(
    'are refused with an end of line in a %s image',
    async (format) => {
      await using folder = await temporary();
      const image = await renamed(folder.path, format, [['usr/bin/placeholderNUM00', 'xxx\n!touch PWNED']]);
      await expect(verify(folder.path, image)).rejects.toThrow(`damaged ${format} image`);
    },
  );

  it('are refused when a link leads to a row of a listing', async () => {
    await using folder = await temporary();
    const target = 'x\n-rw-r--r-- 0/0 5 2020-01-01 00:00 squashfs-root/usr/fake';
    const image = await packLink(folder.path, 'link', target);
    await expect(verify(folder.path, image)).rejects.toThrow('expected a link with a target of');
  });

  it('are told from the targets of links', async () => {
    await using folder = await temporary();
    const image = await packLink(folder.path, 'a -> b', 'x -> y');
    expect((await verify(folder.path, image)).entries).toBe(3);
  });
});

describe('what would fill the disk', () => {
  it('is refused before it is unpacked', async () => {
    await using folder = await temporary();
    const root = join(folder.path, 'tree');
    await mkdir(join(root, 'usr'), { recursive: true });
    await mkdir(join(folder.path, 'scratch'));
    await runChecked(exec, 'truncate', ['--size=2T', join(root, 'usr', 'large')]);
    const image = join(folder.path, 'x.raw');
    await runChecked(exec, 'mke2fs', ['-q', '-t', 'ext4', '-d', root, image, '4M']);
    await expect(verify(folder.path, image)).rejects.toThrow(
      /expected it to unpack into the \S+ free here, got 2T/,
    );
  });
});

async function packLink(folder: string, name: string, target: string): Promise<string> {
  const root = join(folder, 'tree');
  await mkdir(join(root, 'usr'), { recursive: true });
  await mkdir(join(folder, 'scratch'));
  await symlink(target, join(root, 'usr', name));
  const image = join(folder, 'x.raw');
  await packImage({ root, output: image, format: 'squashfs', name: 'x', epoch: 0 }, ctx);
  return image;
}

function verify(folder: string, image: string) {
  return verifyImage(image, { ...ctx, temporary: join(folder, 'scratch') });
}

/** What an image has left beside its scratch folder. */
async function traces(folder: string): Promise<string[]> {
  const names = [...(await readdir(folder)), ...(await readdir(join(folder, 'scratch')))];
  return names.filter((name) => !['tree', 'scratch', 'x.raw'].includes(name));
}

/** Packs a tree with the files named, then gives the last part of these paths other names of equal length. */
async function renamed(
  folder: string,
  format: ImageFormat,
  changes: readonly (readonly [path: string, name: string])[],
  others: readonly string[] = [],
): Promise<string> {
  const root = join(folder, 'tree');
  await mkdir(join(folder, 'scratch'));
  for (const file of [...changes.map(([changed]) => changed), ...others]) {
    await mkdir(join(root, dirname(file)), { recursive: true });
    await writeFile(join(root, file), 'content');
  }
  const image = join(folder, 'x.raw');
  if (format === 'squashfs') await runChecked(exec, 'mksquashfs', [root, image, '-noI', '-quiet']);
  else await packImage({ root, output: image, format, name: 'x', epoch: 0, extSize: 4 * 2 ** 20 }, ctx);
  const bytes = await readFile(image);
  for (const [file, name] of changes) {
    const old =
      file.split('/').find((part) => part.length === name.length && /QQ|placeholder/.test(part)) ?? '';
    let count = 0;
    for (let at = bytes.indexOf(old); at !== -1; at = bytes.indexOf(old, at + 1), count++)
      bytes.write(name, at);
    expect(count).toBeGreaterThan(0);
  }
  await writeFile(image, bytes);
  return image;
}

function temporary() {
  return mkdtempDisposable(join(tmpdir(), 'hostile-'));
}
