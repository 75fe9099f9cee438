import { chmod, mkdir, mkdtempDisposable, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { writeSampleTree } from '../../../testing/sample-tree.ts';
import { silentReport } from '../../ports/report.ts';
import { runChecked } from '../../ports/run-checked.ts';
import { spawnExec } from '../../ports/spawn.ts';
import { withSystemFolders } from '../../tools/search-path.ts';
import type { Entry } from '../entry.ts';
import type { ImageContext } from '../format.ts';
import { packImage } from '../pack.ts';
import { listExt } from '../read-ext.ts';
import { openRoom } from '../room.ts';
import { verifyImage } from '../verify.ts';
import { type TreeEntry, walkTree } from '../walk-tree.ts';
import { extractExt } from './extract-ext.ts';
import { flavours } from './superblock-bytes.ts';
import { writeExt } from './write-ext.ts';

const path = withSystemFolders(process.env['PATH'] ?? '');
const exec = spawnExec({ ...process.env, PATH: path });
const ctx: ImageContext = { exec, report: silentReport, path, isRoot: process.getuid?.() === 0 };

describe('reading what mke2fs makes', () => {
  it.each([
    ['ext4', []],
    ['ext4', ['-b', '1024', '-O', '^64bit,^flex_bg']],
    ['ext3', []],
    ['ext2', ['-b', '1024', '-I', '128']],
  ])('finds in an %s image with %j what was put in', async (type, options) => {
    await using folder = await temporary();
    const tree = join(folder.path, 'tree');
    await mkdir(join(tree, 'usr/many'), { recursive: true });
    await writeSampleTree(tree, {});
    for (let index = 0; index < 600; index++)
      await writeFile(join(tree, `usr/many/name-number-${index}`), '');
    await chmod(tree, 0o755);
    const image = join(folder.path, 'x.raw');
    await writeFile(image, '');
    await truncate(image, 64 * 2 ** 20);
    await runChecked(exec, 'mke2fs', ['-q', '-t', type, ...options, '-d', tree, image]);
    await exec.run('e2fsck', ['-fyD', image]); // gives the large folder an index
    const listed = (await list(image)).filter((entry) => entry.path !== '/lost+found');
    const expected = await walkTree(tree);
    expect(namesAndModes(listed)).toEqual(namesAndModes(expected));
    const out = join(folder.path, 'out');
    await mkdir(out);
    await extractExt(image, out);
    await runChecked(exec, 'diff', ['--recursive', '--no-dereference', '--exclude=lost+found', tree, out]);
  });
});

describe('names that would be commands to debugfs', () => {
  const command = '!touch PWNED;#';

  it('run nothing where a path is longer than its lines', async () => {
    await using folder = await temporary();
    // Lines end after 8191 bytes for debugfs: the command stands at the beginning of the next.
    const line = 8184;
    const parts = ['usr', ...Array.from({ length: 33 }, () => 'a'.repeat(240))];
    let length = `/${parts.join('/')}`.length;
    while (length < line - 200) {
      const part = 'b'.repeat(Math.min(200, line - 100 - length));
      parts.push(part);
      length += part.length + 1;
    }
    const rest = line - length - 1;
    parts.push('c'.repeat(rest) + command);
    expect(`/${parts.join('/')}`.indexOf('!')).toBe(line);
    await expect(verify(folder.path, chain(parts))).rejects.toThrow('expected paths of at most 4095 bytes');
    expect(await readdir(folder.path)).toEqual(['x.raw']);
  });

  it('run nothing behind the end of a line', async () => {
    await using folder = await temporary();
    const parts = ['usr', `name\n${command}`];
    await expect(verify(folder.path, chain(parts))).rejects.toThrow(
      String.raw`expected names in UTF-8 without control characters, got "name\n!touch PWNED;#" in "/usr"`,
    );
    expect(await readdir(folder.path)).toEqual(['x.raw']);
  });

  it('are unpacked as they are', async () => {
    await using folder = await temporary();
    const odd = [
      '" ; !touch PWNED ; "',
      command,
      '-f',
      '$(touch PWNED)',
      '`touch PWNED`',
      String.raw`\x`,
      '*',
      "'",
    ];
    const entries = [...chain(['usr']), ...odd.map((name) => directory(`/usr/${name}`))];
    await verify(folder.path, entries);
    const out = join(folder.path, 'out');
    await mkdir(out);
    await extractExt(join(folder.path, 'x.raw'), out);
    expect((await readdir(join(out, 'usr'))).toSorted()).toEqual(odd.toSorted());
    expect((await readdir(folder.path)).toSorted()).toEqual(['out', 'x.raw']);
  });

  it.each(['ext4', 'ext2'] as const)('are packed into an %s image as they are', async (format) => {
    await using folder = await temporary();
    const root = join(folder.path, 'tree');
    const deep = join(root, 'usr', ...Array.from({ length: 12 }, () => '"'.repeat(255)));
    await mkdir(deep, { recursive: true });
    for (const quotes of [0, 205, 209, 213, 217, 221, 225]) {
      const spaces = ' '.repeat(255 - quotes - command.length);
      await writeFile(join(deep, '"'.repeat(quotes) + spaces + command), 'x');
    }
    const output = join(folder.path, 'x.raw');
    const here: ImageContext = { ...ctx, exec: within(folder.path) };
    await packImage({ root, output, format, name: 'x', epoch: 0, extSize: 4 * 2 ** 20 }, here);
    expect((await readdir(folder.path)).toSorted()).toEqual(['tree', 'x.raw']);
    const listed = await list(output);
    expect(namesAndModes(listed)).toEqual(namesAndModes(await walkTree(root)));
  });
});

describe('damage that e2fsck does not look for', () => {
  it('is told for a file system that was not unmounted', async () => {
    await using folder = await temporary();
    const image = join(folder.path, 'x.raw');
    await write(image, chain(['usr']));
    const bytes = await readFile(image);
    bytes.writeUInt32LE(bytes.readUInt32LE(1024 + 96) | 0x4, 1024 + 96);
    await writeFile(image, bytes);
    await expect(extractExt(image, folder.path)).rejects.toThrow('writes left in its journal');
  });

  it('is told for a feature nobody here reads', async () => {
    await using folder = await temporary();
    const image = join(folder.path, 'x.raw');
    await write(image, chain(['usr']));
    const bytes = await readFile(image);
    bytes.writeUInt32LE(bytes.readUInt32LE(1024 + 96) | 0x10000, 1024 + 96);
    await writeFile(image, bytes);
    await expect(extractExt(image, folder.path)).rejects.toThrow('got others: 0x10000');
  });
});

async function list(image: string): Promise<Entry[]> {
  await using room = await openRoom(image, { ...ctx, temporary: tmpdir() });
  const entries = await listExt(room);
  return entries;
}

function chain(parts: readonly string[]): TreeEntry[] {
  return [directory('/'), ...parts.map((_, index) => directory(`/${parts.slice(0, index + 1).join('/')}`))];
}

function directory(at: string): TreeEntry {
  return { path: at, source: '/nowhere', kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0 };
}

async function write(output: string, entries: readonly TreeEntry[]): Promise<void> {
  const job = { output, size: 4 * 2 ** 20, flavour: flavours.ext2, uuid: Buffer.alloc(16, 7), epoch: 0 };
  expect(await writeExt(entries, job, () => {})).toBe(true);
}

async function verify(folder: string, entries: readonly TreeEntry[]) {
  const image = join(folder, 'x.raw');
  await write(image, entries);
  return verifyImage(image, { ...ctx, exec: within(folder), temporary: tmpdir() });
}

/** Programs start in `folder`, where a trace of what they should not do is seen. */
function within(folder: string): ImageContext['exec'] {
  return { ...exec, run: (program, args, options) => exec.run(program, args, { ...options, cwd: folder }) };
}

function namesAndModes(entries: readonly Entry[]): string[] {
  return entries.map(({ path: at, kind, mode }) => `${at} ${kind} ${mode.toString(8)}`).toSorted();
}

function temporary() {
  return mkdtempDisposable(join(tmpdir(), 'read-ext-'));
}
