import { runChecked } from '../ports/run-checked.ts';
import { isAtLeast, toolVersion } from '../tools/ask-versions.ts';
import type { Format, ImageContext, PackJob } from './format.ts';
import { erofsSize, extractErofs, listErofs } from './read-erofs.ts';
import { uuidFrom } from './uuid.ts';

// What Flatcar builds its own erofs images with. Its kernel reads lz4 only.
const lz4hcLevel = 12;
const clusterSize = 65_536;

export const erofs: Format = {
  tool: 'mkfs.erofs',
  packs: ['mkfs.erofs', 'dump.erofs'],
  reads: ['fsck.erofs'],
  reproducible: true,
  compressions: [
    { name: 'lz4hc', levels: [0, 12] },
    { name: 'lz4' },
    { name: 'none' },
    { name: 'lzma', levels: [0, 109] },
    { name: 'deflate', levels: [0, 9] },
    { name: 'zstd', levels: [0, 22] },
  ],
  defaultLevel: levelOf,
  defaultBlockSize: clusterSize,
  blockSizes: [4096, 1_048_576],
  pack: packErofs,
  declaredSize: erofsSize,
  list: listErofs,
  extract: extractErofs,
};

/** Arguments of mkfs.erofs of `version`. */
export function erofsArguments(job: PackJob, version: string): string[] {
  return [
    compressionArguments(job, version),
    ['-T', String(job.epoch)],
    ['-U', uuidFrom(job.name)],
    ['--all-root'],
    ['-x-1'], // no xattrs: else SELinux labels and the like of this machine end up in the image
    // Since 1.8 a file may be cut differently for different numbers of workers.
    isAtLeast(version, '1.8') ? ['--workers=1'] : [],
    ['--quiet', job.output, job.root],
  ].flat();
}

function compressionArguments({ compression, level, blockSize }: PackJob, version: string): string[] {
  if (compression === 'none') return [];
  const chosen = level ?? levelOf(compression);
  const features = [
    ...(isAtLeast(version, '1.6') ? ['fragments'] : []),
    ...(isAtLeast(version, '1.5') ? ['ztailpacking'] : []),
  ];
  return [
    chosen === undefined ? `-z${compression}` : `-z${compression},${chosen}`,
    `-C${blockSize ?? clusterSize}`,
    ...(features.length > 0 ? [`-E${features.join(',')}`] : []),
  ];
}

function levelOf(compression: string): number | undefined {
  return compression === 'lz4hc' ? lz4hcLevel : undefined;
}

async function packErofs(job: PackJob, ctx: ImageContext): Promise<void> {
  const version = (await toolVersion('mkfs.erofs', ctx)) ?? '1.0';
  using _progress = ctx.report.progress('mkfs.erofs');
  await runChecked(ctx.exec, 'mkfs.erofs', erofsArguments(job, version), {
    env: { SOURCE_DATE_EPOCH: undefined },
  });
}
