import { execFileSync } from 'node:child_process';
import { mkdtempDisposable, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { bakeOs } from './bake-os.ts';
import { diskFormat } from './disk-format.ts';
import { type Extension, type InstallTo, defaultInstallTo, parseInstallTo } from './layout.ts';

const MiB = 2 ** 20;
const parts = { OEM: { offset: MiB, size: 8 * MiB }, ROOT: { offset: 9 * MiB, size: 40 * MiB } };
const ports = { exec: spawnExec(process.env), report: silentReport, tmpdir: tmpdir() };
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
let disk: string;
let extension: Extension;

beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'os-image-'));
  disk = join(folder.path, 'os.img');
  await makeDisk(disk);
  const path = join(folder.path, 'built.raw');
  await writeFile(path, Buffer.alloc(4 * MiB, 'x'));
  const updates = [{ name: 'tool.conf', text: '[Transfer]\n' }];
  extension = { name: 'tool', path, file: 'tool-1.0-x86-64.raw', updates };
});
afterEach(() => folder.remove());

it('puts images, links and sysupdate files onto the root partition of a copy', async () => {
  const before = await readFile(disk);
  await bake('raw');
  expect(await contentOf('baked', 'ROOT')).toEqual([
    'etc 755 0:0',
    'etc/extensions 755 0:0',
    'etc/extensions/tool.raw -> /opt/extensions/tool/tool-1.0-x86-64.raw',
    'etc/sysupdate.tool.d 755 0:0',
    'etc/sysupdate.tool.d/tool.conf 644 0:0',
    'opt 755 0:0',
    'opt/extensions 755 0:0',
    'opt/extensions/tool 755 0:0',
    'opt/extensions/tool/tool-1.0-x86-64.raw 644 0:0',
  ]);
  expect((await readFile(disk)).equals(before)).toBe(true);
  expect(await readdir(folder.path)).toEqual(['baked', 'built.raw', 'os.img']);
});

it('keeps what is a hole in a disk a hole, and copies no disk without the partition', async () => {
  await truncate(disk, 4096 * MiB);
  await bake('raw');
  const { size, blocks } = await stat(join(folder.path, 'baked'));
  expect([size, blocks * 512 < 200 * MiB]).toEqual([4096 * MiB, true]);
  await writeFile(join(folder.path, 'none.img'), '');
  await truncate(join(folder.path, 'none.img'), 2 ** 43);
  await expect(
    bake('raw', { image: join(folder.path, 'none.img'), output: join(folder.path, 'other') }),
  ).rejects.toThrow('expected a disk with a partition table');
});

it('puts images onto the OEM partition, and links to where Flatcar mounts that', async () => {
  await bake('raw', { installTo: parseInstallTo('oem:/sysext/') });
  expect(await contentOf('baked', 'OEM')).toContain('sysext/tool/tool-1.0-x86-64.raw 644 0:0');
  expect(await contentOf('baked', 'ROOT')).toContain(
    'etc/extensions/tool.raw -> /oem/sysext/tool/tool-1.0-x86-64.raw',
  );
});

it('makes a qcow2 image of a qcow2 image, and refuses one that reads other files', async () => {
  const image = join(folder.path, 'os.qcow2');
  execFileSync('qemu-img', ['convert', '-O', 'qcow2', disk, image]);
  expect(await diskFormat(image, 'os.qcow2')).toBe('qcow2');
  await bake('qcow2', { image });
  expect(await diskFormat(join(folder.path, 'baked'), 'baked')).toBe('qcow2');
  execFileSync('qemu-img', ['convert', '-O', 'raw', join(folder.path, 'baked'), join(folder.path, 'raw')]);
  expect(await contentOf('raw', 'ROOT')).toContain('opt/extensions/tool/tool-1.0-x86-64.raw 644 0:0');
  const backed = join(folder.path, 'backed.qcow2');
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', disk, '-F', 'raw', backed]);
  await expect(diskFormat(backed, 'backed.qcow2')).rejects.toThrow(
    'backed.qcow2: expected a qcow2 image on its own',
  );
});

it.each([
  ['a link in the way', 'ln -s /etc "$1/opt"', 'partition ROOT: cannot be written: /opt is a link'],
  [
    'another image of that name',
    'mkdir -p "$1/etc/extensions" && : > "$1/etc/extensions/tool.raw"',
    'etc/extensions/tool.raw: Cannot open: File exists',
  ],
  ['a full partition', 'dd if=/dev/zero of="$1/x" bs=1M count=60 2>/dev/null || :', 'tool-1.0-x86-64.raw: '],
])('leaves nothing behind where %s stops it', async (_what, change, message) => {
  inPartition(disk, 'ROOT', change);
  await expect(bake('raw', { output: join(folder.path, 'missing/deep/baked') })).rejects.toThrow(message);
  expect(await readdir(folder.path)).toEqual(['built.raw', 'os.img']);
});

it('says what is missing in a disk', async () => {
  await writeFile(disk, 'no disk');
  await expect(bake('raw')).rejects.toThrow(`${disk}: expected a disk with a partition table`);
  await makeDisk(disk, 'name="DATA"');
  await expect(bake('raw')).rejects.toThrow(
    `${disk}: expected one partition called ROOT, or one of the type for /, got OEM, DATA`,
  );
});

function bake(
  format: 'raw' | 'qcow2',
  {
    image = disk,
    installTo = defaultInstallTo,
    output = join(folder.path, 'baked'),
  }: { image?: string; installTo?: InstallTo; output?: string } = {},
): Promise<void> {
  return bakeOs({ image, format, output, extensions: [extension], installTo }, ports);
}

/** A disk as Flatcar’s: partitions with its names, each with an ext4. */
async function makeDisk(path: string, root = 'name="ROOT"'): Promise<void> {
  await writeFile(path, '');
  await truncate(path, 50 * MiB);
  const input = `label: gpt\nstart=1MiB, size=8MiB, name="OEM"\nstart=9MiB, size=40MiB, ${root}\n`;
  execFileSync('sfdisk', ['-q', path], { input });
  for (const { offset, size } of Object.values(parts)) {
    const place = ['-E', `offset=${offset},root_owner=0:0`, path, `${size / 1024}k`];
    execFileSync('mkfs.ext4', ['-q', '-F', '-O', '^has_journal', ...place], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }
}

function inPartition(path: string, name: keyof typeof parts, script: string): string {
  const { offset, size } = parts[name];
  const whole = `mount -o "loop,offset=${offset},sizelimit=${size}" "$2" "$1"; ${script}`;
  const args = ['--mount', '--propagation', 'private', 'sh', '-ec', whole, 'sh', '/mnt', path];
  return execFileSync('unshare', args, { encoding: 'utf8' });
}

async function contentOf(file: string, name: keyof typeof parts): Promise<string[]> {
  const format = '%P %m %U:%G\\n';
  const find = `cd "$1" && find . -mindepth 1 -name lost+found -prune -o -type l -printf '%P -> %l\\n' -o -mindepth 1 -printf '${format}'`;
  return inPartition(join(folder.path, file), name, find).trim().split('\n').toSorted();
}
