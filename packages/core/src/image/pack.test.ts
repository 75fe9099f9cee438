import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chown, lstat, mkdir, mkdtempDisposable, readdir, readFile, readlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { writeSampleTree } from '../../testing/sample-tree.ts';
import type { Exec } from '../ports/exec.ts';
import { silentReport } from '../ports/report.ts';
import { runChecked } from '../ports/run-checked.ts';
import { spawnExec } from '../ports/spawn.ts';
import { withSystemFolders } from '../tools/search-path.ts';
import type { Entry } from './entry.ts';
import type { ImageContext } from './format.ts';
import { formats, ImageFormat } from './formats.ts';
import { packImage, type PackRequest } from './pack.ts';
import { openRoom } from './room.ts';
import { walkTree } from './walk-tree.ts';

const path = withSystemFolders(process.env['PATH'] ?? '');
const exec = spawnExec({ ...process.env, PATH: path, SOURCE_DATE_EPOCH: '1' });
const isRoot = process.getuid?.() === 0;
const ctx: ImageContext = { exec, report: silentReport, path, isRoot };
const identical = ImageFormat.options.filter((format) => formats[format].reproducible === true);
const everyCompression = identical.flatMap((format) =>
  formats[format].compressions
    // erofs-utils of Debian and Ubuntu are built with lz4 only.
    .filter(({ name }) => format !== 'erofs' || name.startsWith('lz4') || name === 'none')
    .map(({ name }) => ({ format, compression: name })),
);
const asModule = ['--input-type=module', '--eval'];
const size = 64 * 2 ** 20;
const someTime = 1_700_000_000;

describe('packImage', () => {
  it.each(ImageFormat.options)(
    'makes a %s image that mounts to the same tree, all of root',
    async (format) => {
      await using folder = await temporary();
      const root = await sampleTree(folder.path, 'tree', { owner: 1000 });
      const expected = await describeTree(root);
      const packed = await pack(root, join(folder.path, 'out.raw'), { format, epoch: someTime });
      const mount = join(folder.path, 'mount');
      await mkdir(mount);
      await runChecked(exec, 'mount', ['-o', 'loop,ro', packed.path, mount]);
      try {
        expect(await describeTree(mount)).toEqual(expected);
      } finally {
        await runChecked(exec, 'umount', [mount]);
      }
    },
  );

  it.each(everyCompression)(
    'makes identical $format images with $compression',
    async ({ format, compression }) => {
      await using here = await temporary();
      await using there = await mkdtempDisposable('/dev/shm/pack-');
      const first = await sampleTree(here.path, 'one', { mtime: 1_000_000 });
      const previous = process.umask(0o077);
      try {
        const second = await sampleTree(there.path, 'somewhere/else', {
          mtime: 2_000_000,
          backwards: true,
          ...(isRoot && { owner: 1234 }),
        });
        const one = await pack(first, join(here.path, 'a.raw'), { format, compression, jobs: 1 });
        const two = await pack(second, join(there.path, 'b.raw'), { format, compression, jobs: 4 });
        expect(two.sha256).toBe(one.sha256);
        expect((await lstat(two.path)).mode & 0o777).toBe(0o644);
      } finally {
        process.umask(previous);
      }
    },
  );

  it.each(ImageFormat.options)(
    'gives everything in a %s image to root without being root',
    async (format) => {
      await using folder = await temporary();
      const root = await sampleTree(folder.path, 'tree', { owner: 1000 });
      await chown(folder.path, 1000, 1000);
      const outputs = join(folder.path, 'out');
      await mkdir(outputs);
      await chown(outputs, 1000, 1000);
      const image = join(outputs, 'x.raw');
      await runChecked(as(1000), process.execPath, [...asModule, packScript(root, image, format)]);
      const entries = await list(format, image);
      expect(entries.filter(({ uid, gid }) => uid !== 0 || gid !== 0)).toEqual([]);
      expect(entries.length).toBeGreaterThan(130);
    },
  );

  it.each(ImageFormat.options)('lists a %s image as the tree it was made of', async (format) => {
    await using folder = await temporary();
    const root = await sampleTree(folder.path, 'tree', {});
    const { path: image } = await pack(root, join(folder.path, 'x.raw'), { format });
    const listed = (await list(format, image)).filter((entry) => entry.path !== '/lost+found');
    expect(namesAndModes(listed)).toEqual(namesAndModes(await walkTree(root)));
  });

  it('gives every time in the image the epoch', async () => {
    await using folder = await temporary();
    const root = await sampleTree(folder.path, 'tree', { mtime: 5 });
    const { path: image } = await pack(root, join(folder.path, 'x.raw'), { epoch: someTime });
    const listing = await runChecked(exec, 'unsquashfs', ['-lln', image], { env: { TZ: 'UTC' } });
    const times = new Set(listing.match(/\d{4}-\d\d-\d\d \d\d:\d\d/g));
    expect([...times]).toEqual(['2023-11-14 22:13']);
  });

  it('leaves nothing behind when the tool fails', async () => {
    await using folder = await temporary();
    const root = await sampleTree(folder.path, 'tree', {});
    const failing: Exec = { ...exec, run: async () => ({ code: 1, stdout: '', stderr: 'no space left' }) };
    const output = join(folder.path, 'out', 'x.raw');
    await expect(pack(root, output, {}, { ...ctx, exec: failing })).rejects.toThrow('no space left');
    expect(await readdir(join(folder.path, 'out'))).toEqual([]);
  });

  it.each([0, 50, 100, 200, 400])(
    'leaves no half image when killed %i ms after it began to write, and the next run cleans up',
    async (milliseconds) => {
      await using folder = await temporary();
      const root = await sampleTree(folder.path, 'tree', {});
      const output = join(folder.path, 'out', 'x.raw');
      const child = spawn(process.execPath, [...asModule, packScript(root, output, 'squashfs')]);
      const ended = once(child, 'exit');
      await begun(join(folder.path, 'out'), child);
      await setTimeout(milliseconds);
      child.kill('SIGKILL');
      await ended;
      const whole = await pack(root, join(folder.path, 'whole.raw'), {});
      const left = await readFile(output).catch(() => undefined);
      if (left !== undefined) expect(left.equals(await readFile(whole.path))).toBe(true);
      const again = await pack(root, output, {});
      expect(again.sha256).toBe(whole.sha256);
      expect(await readdir(join(folder.path, 'out'))).toEqual(['x.raw']);
    },
  );

  it('refuses an ext image too small for its tree before making it', async () => {
    await using folder = await temporary();
    const root = await sampleTree(folder.path, 'tree', {});
    await expect(
      pack(root, join(folder.path, 'x.raw'), { format: 'ext4', extSize: 2 * 2 ** 20 }),
    ).rejects.toThrow(/expected a size of at least \S+M that holds the tree, got 2M/);
  });

  it.each([
    [
      { compression: 'brotli' },
      'compression of squashfs: expected one of zstd, gzip, lz4, lzo, xz, got brotli',
    ],
    [{ level: 23 }, 'compression level of squashfs with zstd: expected 1 to 22, got 23'],
    [{ compression: 'xz', level: 3 }, 'compression level of squashfs with xz: expected none, got 3'],
    [{ blockSize: 100_000 }, 'expected a power of two from 4096 to 1048576 bytes, got 100000'],
    [{ format: 'ext4' as const, blockSize: 4096 }, 'block size of ext4: expected none, got 4096'],
    [{ epoch: -1 }, 'epoch: expected whole seconds from 0 to 4294967295, got -1'],
  ])('refuses %j', async (wish, message) => {
    await expect(pack('/nowhere', '/nowhere/x.raw', wish)).rejects.toThrow(message);
  });
});

async function list(format: ImageFormat, image: string): Promise<Entry[]> {
  await using room = await openRoom(image, { ...ctx, temporary: tmpdir() });
  const entries = await formats[format].list(room);
  return entries;
}

function pack(root: string, output: string, wish: Partial<PackRequest>, context = ctx) {
  return packImage(
    { root, output, format: 'squashfs', name: 'sample', epoch: 0, extSize: size, ...wish },
    context,
  );
}

/** A program that packs in a process of its own. */
function packScript(root: string, output: string, format: ImageFormat): string {
  const request = { root, output, format, name: 'sample', epoch: 0, extSize: size };
  return `
    import { packImage } from ${besides('pack.ts')};
    import { silentReport } from ${besides('../ports/report.ts')};
    import { spawnExec } from ${besides('../ports/spawn.ts')};
    const path = ${JSON.stringify(path)};
    const exec = spawnExec({ ...process.env, PATH: path });
    const isRoot = process.getuid() === 0;
    await packImage(${JSON.stringify(request)}, { exec, report: silentReport, path, isRoot });`;
}

/** A module near this one, as an import statement names it. */
function besides(file: string): string {
  return JSON.stringify(new URL(file, import.meta.url).href);
}

/** Waits until the child has begun to write. */
async function begun(folder: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const names = await readdir(folder).catch(() => []);
    if (names.length > 0) return;
    await setTimeout(2);
  }
}

function namesAndModes(entries: readonly Entry[]): string[] {
  return entries.map(({ path: at, kind, mode }) => `${at} ${kind} ${mode.toString(8)}`).toSorted();
}

function as(uid: number): Exec {
  const become = [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
  return {
    ...exec,
    run: (program, args, options) => exec.run('setpriv', [...become, program, ...args], options),
  };
}

function temporary() {
  return mkdtempDisposable(join(tmpdir(), 'pack-'));
}

async function sampleTree(folder: string, name: string, options: Parameters<typeof writeSampleTree>[1]) {
  const root = join(folder, name);
  await mkdir(root, { recursive: true });
  await writeSampleTree(root, options);
  return root;
}

/** What a reader of a tree can see, owners as an image should have them. */
async function describeTree(root: string): Promise<string[]> {
  const entries = await walkTree(root);
  const lines = entries
    .filter((entry) => entry.path !== '/lost+found')
    .map(async ({ path: at, source, kind, mode, uid, gid }) => {
      const content =
        kind === 'file'
          ? createHash('sha256')
              .update(await readFile(source))
              .digest('hex')
          : '';
      const target = kind === 'symlink' ? await readlink(source) : '';
      const owner = root.endsWith('mount') ? `${uid}:${gid}` : '0:0';
      const rights = at === '/' ? '755' : mode.toString(8);
      const links = kind === 'file' ? (await lstat(source)).nlink : 0;
      return [at, kind, rights, owner, content, target, links].join(' ');
    });
  return Promise.all(lines);
}
