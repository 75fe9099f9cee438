import { describe, expect, it } from '@jest/globals';
import { btrfsArguments } from './btrfs.ts';
import { debugfsScript } from './debugfs-script.ts';
import { erofsArguments } from './erofs.ts';
import { mke2fsArguments } from './ext.ts';
import type { PackJob } from './format.ts';
import { percentIn, squashfsArguments } from './squashfs.ts';
import { uuidFrom } from './uuid.ts';
import type { TreeEntry } from './walk-tree.ts';

const job: PackJob = {
  root: '/tree',
  output: '/out.raw',
  name: 'k3s',
  epoch: 7,
  compression: 'none',
  level: undefined,
  blockSize: undefined,
  size: 2 ** 30,
  jobs: 2,
};

describe('command lines', () => {
  it.each([
    [{ compression: 'zstd' }, '-comp zstd -Xcompression-level 15 -b 262144'],
    [{ compression: 'zstd', level: 3, blockSize: 131_072 }, '-comp zstd -Xcompression-level 3 -b 131072'],
    [{ compression: 'gzip' }, '-comp gzip -b 262144'],
    [{ compression: 'lz4' }, '-comp lz4 -Xhc -b 262144'],
    [{ compression: 'xz' }, '-comp xz -b 262144'],
  ])('of mksquashfs for %j', (wish, end) => {
    expect(squashfsArguments({ ...job, ...wish }).join(' ')).toBe(
      `/tree /out.raw -noappend -all-root -root-mode 0755 -no-xattrs -mkfs-time 7 -all-time 7 -processors 2 ${end} -quiet`,
    );
  });

  it.each([
    ['lz4hc', '1.4', '-zlz4hc,12 -C65536'],
    ['lz4hc', '1.5', '-zlz4hc,12 -C65536 -Eztailpacking'],
    ['lz4hc', '1.6', '-zlz4hc,12 -C65536 -Efragments,ztailpacking'],
    ['lz4hc', '1.8.2', '-zlz4hc,12 -C65536 -Efragments,ztailpacking'],
    ['lz4', '1.10', '-zlz4 -C65536 -Efragments,ztailpacking'],
    ['none', '1.5', ''],
  ])('of mkfs.erofs for %s by version %s', (compression, version, start) => {
    const line = erofsArguments({ ...job, compression }, version).join(' ');
    const workers = version === '1.8.2' || version === '1.10' ? '--workers=1 ' : '';
    const rest = `-T 7 -U ${uuidFrom('k3s')} --all-root -x-1 ${workers}--quiet /out.raw /tree`;
    expect(line).toBe(start === '' ? rest : `${start} ${rest}`);
  });

  it('of mkfs.btrfs', () => {
    expect(btrfsArguments(job).join(' ')).toBe(
      '--quiet --metadata single --data single --rootdir /tree --shrink /out.raw',
    );
  });

  it('of mke2fs', () => {
    expect(mke2fsArguments(['extent'], 10, job).join(' ')).toBe(
      `-q -F -O none,extent -b 4096 -I 256 -N 42 -m 0 -U ${uuidFrom('k3s')} ` +
        `-E hash_seed=${uuidFrom('k3s')},root_owner=0:0,lazy_itable_init=0,nodiscard /out.raw`,
    );
  });
});

describe('debugfsScript', () => {
  it('goes into folders, writes, links and counts links', () => {
    expect(
      debugfsScript([
        entry('/', 'directory'),
        entry('/usr', 'directory', { mode: 0o755 }),
        entry('/usr/a "b"', 'file'),
        entry('/usr/c', 'file', { linkTo: '/usr/a "b"' }),
        entry('/usr/d', 'symlink', { target: '../x y' }),
      ]),
    ).toEqual([
      'mkdir "usr"',
      'sif "/usr" mode 040755',
      'cd "/usr"',
      'write "/tree/usr/a ""b""" "a ""b"""',
      'sif "/usr/a ""b""" links_count 2',
      'ln "/usr/a ""b""" "/usr/c"',
      'symlink "d" "../x y"',
    ]);
  });

  it.each([
    [entry('/a\nrm /usr', 'file'), 'expected a name debugfs can read'],
    [entry('/pipe', 'special'), '/pipe: expected a file, folder or symlink'],
  ])('refuses $path', (bad, message) => {
    expect(() => debugfsScript([bad])).toThrow(message);
  });
});

describe('percentIn', () => {
  it.each([
    ['[=========/          ] 120/341  35%', 35],
    ['[====================] 341/341 100%', 100],
    ['Parallel mksquashfs: Using 2 processors', undefined],
  ])('reads %j', (line, percent) => {
    expect(percentIn(line)).toBe(percent);
  });
});

function entry(path: string, kind: TreeEntry['kind'], more: Partial<TreeEntry> = {}): TreeEntry {
  return { path, source: `/tree${path}`, kind, mode: 0o644, uid: 1, gid: 1, size: 1, ...more };
}
