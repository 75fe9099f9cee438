import { runChecked } from '../ports/run-checked.ts';
import type { Format, ImageContext, PackJob } from './format.ts';
import { extractSquashfs, listSquashfs } from './read-squashfs.ts';

const magic = 0x73717368; // "hsqs"
const KiB = 1024;

/**
 * Measured with mksquashfs 4.5.1 on two cores, against its own default (gzip, 128 KiB), as size and CPU time
 * for the programs of Node.js 24, Bun 1.4 and Deno 2.9; then a cold `--version` from the mounted image:
 *
 *   gzip 128K      1.00  1.00  1.00    1.00 1.00 1.00    300 200 300 ms
 *   zstd  9 256K   0.94  0.94  0.94    0.20 0.24 0.22
 *   zstd 13 256K   0.91  0.93  0.92    0.86 0.95 0.94
 *   zstd 14 256K   0.875 0.901 0.891   1.21 1.20 1.38    120  85  90 ms
 *   zstd 15 256K   0.872 0.901 0.890   1.26 1.28 1.44
 *   zstd 16 256K   0.867 0.897 0.886   1.61 1.69 1.76    160  90 120 ms
 *   zstd 19 256K   0.865 0.896 0.885   2.43 2.41 2.57
 *   zstd 16 512K   0.892 0.921 0.913   1.09 1.13 1.11
 *   zstd 16 1M     0.862 0.897 0.887   1.23 1.45 1.57     97  83 120 ms
 *   zstd 17 1M     0.844 0.876 0.867   1.52 2.02 2.12
 *
 * Sizes are exact. Times are single runs on a shared machine: take them as ±30 %. Sizes drop from 13 to 14,
 * and at one level rise from 256 to 512 KiB: zstd picks other parameters for small inputs. One page fault
 * unpacks a whole block, so small blocks also keep random reads cheap.
 */
const defaultBlockSize = 256 * KiB;
const defaultZstdLevel = 15;

export const squashfs: Format = {
  tool: 'mksquashfs',
  packs: ['mksquashfs'],
  reads: ['unsquashfs'],
  reproducible: true,
  compressions: [
    { name: 'zstd', levels: [1, 22] },
    { name: 'gzip', levels: [1, 9] },
    { name: 'lz4' },
    { name: 'lzo', levels: [1, 9] },
    { name: 'xz' },
  ],
  defaultLevel: levelOf,
  defaultBlockSize,
  blockSizes: [4 * KiB, 1024 * KiB],
  pack: packSquashfs,
  declaredSize: (head) =>
    head.length >= 96 && head.readUInt32LE(0) === magic ? Number(head.readBigUInt64LE(40)) : undefined,
  list: listSquashfs,
  extract: extractSquashfs,
};

/** Arguments of mksquashfs. */
export function squashfsArguments(job: PackJob): string[] {
  return [
    [job.root, job.output],
    ['-noappend', '-all-root'],
    ['-root-mode', '0755'],
    ['-no-xattrs'], // else SELinux labels and the like of this machine end up in the image
    ['-mkfs-time', String(job.epoch)],
    ['-all-time', String(job.epoch)],
    ['-processors', String(job.jobs)],
    ['-comp', job.compression],
    levelArguments(job),
    ['-b', String(job.blockSize ?? defaultBlockSize)],
    ['-quiet'],
  ].flat();
}

function levelArguments({ compression, level }: PackJob): string[] {
  if (compression === 'lz4') return ['-Xhc'];
  const chosen = level ?? levelOf(compression);
  return chosen === undefined ? [] : ['-Xcompression-level', String(chosen)];
}

function levelOf(compression: string): number | undefined {
  return compression === 'zstd' ? defaultZstdLevel : undefined;
}

async function packSquashfs(job: PackJob, ctx: ImageContext): Promise<void> {
  using progress = ctx.report.progress('mksquashfs', 100);
  await runChecked(ctx.exec, 'mksquashfs', squashfsArguments(job), {
    // With both the variable and -mkfs-time, mksquashfs refuses to work.
    env: { SOURCE_DATE_EPOCH: undefined },
    onLine: (line) => {
      const percent = percentIn(line);
      if (percent !== undefined) progress.update(percent);
    },
  });
}

/** The number at the end of mksquashfs's bar: `[=====/   ] 120/341  35%`. */
export function percentIn(line: string): number | undefined {
  const found = /\]\s+\d+\/\d+\s+(\d+)%\s*$/.exec(line);
  return found === null ? undefined : Number(found[1]);
}
