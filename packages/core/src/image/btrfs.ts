import { lchown, lutimes, writeFile } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import { endedWith } from '../ports/last-lines.ts';
import { runChecked } from '../ports/run-checked.ts';
import type { Format, ImageContext, PackJob } from './format.ts';
import { btrfsSize, extractBtrfs, listBtrfs } from './read-btrfs.ts';
import { type TreeEntry, walkTree } from './walk-tree.ts';

export const btrfs: Format = {
  tool: 'mkfs.btrfs',
  packs: ['mkfs.btrfs', 'unshare'],
  reads: ['btrfs'],
  reproducible: {
    because:
      'mkfs.btrfs writes random chunk and device ids and the time of the build, and has no option for them',
  },
  compressions: [{ name: 'none' }],
  pack: packBtrfs,
  declaredSize: btrfsSize,
  list: listBtrfs,
  extract: extractBtrfs,
};

/** Arguments of mkfs.btrfs. The id stays random: Linux mounts no two different btrfs with the same one. */
export function btrfsArguments(job: PackJob): string[] {
  return [
    ['--quiet'],
    ['--metadata', 'single', '--data', 'single'], // a second copy of metadata helps nobody in a file
    ['--rootdir', job.root],
    ['--shrink', job.output],
  ].flat();
}

async function packBtrfs(job: PackJob, ctx: ImageContext): Promise<void> {
  const entries = await walkTree(job.root);
  for (const entry of entries) await lutimes(entry.source, job.epoch, job.epoch);
  await writeFile(job.output, ''); // mkfs.btrfs wants an existing file, and makes it as large as needed
  using _progress = ctx.report.progress('mkfs.btrfs');
  const strangers = entries.filter(({ uid, gid }) => uid !== 0 || gid !== 0);
  if (ctx.isRoot || strangers.length === 0) {
    for (const { source } of strangers) await lchown(source, 0, 0);
    await runChecked(ctx.exec, 'mkfs.btrfs', btrfsArguments(job));
  } else {
    await packAsMappedRoot(strangers, job, ctx);
  }
}

/** mkfs.btrfs copies owners; in a user namespace the user's own files look like root's. */
async function packAsMappedRoot(
  strangers: readonly TreeEntry[],
  job: PackJob,
  ctx: ImageContext,
): Promise<void> {
  const [first] = strangers;
  const foreign = strangers.find(({ uid, gid }) => uid !== first?.uid || gid !== first.gid);
  if (foreign !== undefined) {
    throw new UserError(
      'image.not-packable',
      `${foreign.source}: expected the same owner as the rest of the tree, got ${foreign.uid}:${foreign.gid}`,
      {
        hint: 'run as root, or choose --format squashfs',
      },
    );
  }
  const { code, stderr } = await ctx.exec.run('unshare', [
    '--map-root-user',
    'mkfs.btrfs',
    ...btrfsArguments(job),
  ]);
  if (code === 0) return;
  throw new UserError(
    'program.failed',
    `mkfs.btrfs in a user namespace ${endedWith(code)}: ${stderr.trim()}`,
    {
      hint: 'a btrfs image whose files belong to root needs root or user namespaces here; squashfs needs neither',
    },
  );
}
