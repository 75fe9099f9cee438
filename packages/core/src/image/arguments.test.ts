import { describe, expect, it } from '@jest/globals';
import { btrfsArguments } from './btrfs.ts';
import { erofsArguments } from './erofs.ts';
import type { PackJob } from './format.ts';
import { percentIn, squashfsArguments } from './squashfs.ts';
import { uuidFrom } from './uuid.ts';

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
