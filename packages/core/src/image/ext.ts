import { truncate, writeFile } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import { runChecked } from '../ports/run-checked.ts';
import { debugfsScript } from './debugfs-script.ts';
import type { Format, ImageContext, PackJob } from './format.ts';
import { showSize } from './image-size.ts';
import { extractExt, extSize, listExt } from './read-ext.ts';
import { uuidFrom } from './uuid.ts';
import { type TreeEntry, walkTree } from './walk-tree.ts';

const blockSize = 4096;
const inodeSize = 256;
const spareInodes = 32; // the 11 reserved ones, lost+found, and room for rounding

const commonFeatures = ['sparse_super', 'large_file', 'filetype', 'dir_index', 'ext_attr'];
const ext4Features = ['extent', 'huge_file', 'flex_bg', 'metadata_csum', '64bit', 'dir_nlink', 'extra_isize'];

export const ext4 = extFormat('ext4', [...commonFeatures, ...ext4Features]);
export const ext2 = extFormat('ext2', commonFeatures);

function extFormat(name: 'ext4' | 'ext2', features: readonly string[]): Format {
  return {
    tool: 'mke2fs',
    packs: ['mke2fs', 'debugfs', 'e2fsck'],
    reads: ['debugfs', 'e2fsck'],
    reproducible: true,
    compressions: [{ name: 'none' }],
    pack: (job, ctx) => packExt(name, features, job, ctx),
    declaredSize: (head) => extSize(name, head),
    list: listExt,
    extract: extractExt,
  };
}

/**
 * Makes an empty file system and fills it with debugfs, in one fixed order: `mke2fs -d` copies owners
 * and change times, and writes names in whatever order the machine's own file system lists them.
 */
async function packExt(
  name: string,
  features: readonly string[],
  job: PackJob,
  ctx: ImageContext,
): Promise<void> {
  const entries = await walkTree(job.root);
  requireRoom(name, entries, job.size);
  const env = timeEnv(job.epoch);
  await writeFile(job.output, '');
  await truncate(job.output, job.size);
  await runChecked(ctx.exec, 'mke2fs', mke2fsArguments(features, entries.length, job), { env });
  await fill(name, entries, job, env, ctx);
  await runChecked(ctx.exec, 'e2fsck', ['-fn', job.output], { env });
}

/** Arguments of mke2fs for an empty file system with room for `entries` names. */
export function mke2fsArguments(features: readonly string[], entries: number, job: PackJob): string[] {
  const uuid = uuidFrom(job.name);
  return [
    ['-q', '-F'],
    ['-O', ['none', ...features].join(',')],
    ['-b', String(blockSize), '-I', String(inodeSize), '-N', String(entries + spareInodes)],
    ['-m', '0'],
    ['-U', uuid],
    ['-E', `hash_seed=${uuid},root_owner=0:0,lazy_itable_init=0,nodiscard`],
    [job.output],
  ].flat();
}

/** The clock of e2fsprogs. It takes 0 for "not set", so 1970 begins one second late. */
function timeEnv(epoch: number): Record<string, string> {
  const time = String(Math.max(epoch, 1));
  // Without a configuration file: distributions switch different features on in theirs.
  return { E2FSPROGS_FAKE_TIME: time, SOURCE_DATE_EPOCH: time, MKE2FS_CONFIG: '/dev/null' };
}

async function fill(
  name: string,
  entries: readonly TreeEntry[],
  job: PackJob,
  env: Record<string, string>,
  ctx: ImageContext,
): Promise<void> {
  const lines = debugfsScript(entries);
  using progress = ctx.report.progress('debugfs', lines.length);
  let done = 0;
  const { stderr } = await ctx.exec.run('debugfs', ['-w', '-f', '-', job.output], {
    env,
    input: lines.map((line) => `${line}\n`).join(''),
    onLine: (line) => {
      if (line.startsWith('debugfs: ')) progress.update(++done);
    },
  });
  // debugfs ends with 0 whatever happened; beside its version, what it prints here are errors.
  const errors = stderr.split('\n').filter((line) => line.trim() !== '' && !/^debugfs \d/.test(line));
  if (errors.length === 0) return;
  if (errors.some((line) => line.includes('Could not allocate'))) throw tooSmall(name, job.size);
  throw new UserError(`debugfs could not fill the ${name} image:\n  ${errors.slice(0, 5).join('\n  ')}`);
}

function requireRoom(name: string, entries: readonly TreeEntry[], size: number): void {
  const blocks = entries
    .filter((entry) => entry.linkTo === undefined)
    .reduce((sum, entry) => sum + Math.max(1, Math.ceil(entry.size / blockSize)), 0);
  const needed = blocks * blockSize + (entries.length + spareInodes) * inodeSize;
  if (needed > size) throw tooSmall(name, size, needed);
}

function tooSmall(name: string, size: number, needed?: number): UserError {
  const detail = needed === undefined ? '' : ` of at least ${showSize(needed)}`;
  return new UserError(`${name} image: expected a size${detail} that holds the tree, got ${showSize(size)}`, {
    hint: 'give a larger --ext-fs-size',
  });
}
