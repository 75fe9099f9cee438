import { UserError } from '../diagnostics/user-error.ts';
import { runChecked } from '../ports/run-checked.ts';
import { extractExt } from './ext/extract-ext.ts';
import { blockSize, inodeSize, firstFree } from './ext/layout.ts';
import { type Flavour, flavours } from './ext/superblock-bytes.ts';
import { writeExt } from './ext/write-ext.ts';
import type { Format, ImageContext, PackJob } from './format.ts';
import { showSize } from './image-size.ts';
import { extSize, listExt } from './read-ext.ts';
import { uuidFrom } from './uuid.ts';
import { type TreeEntry, walkTree } from './walk-tree.ts';

export const ext4 = extFormat(flavours.ext4);
export const ext2 = extFormat(flavours.ext2);

function extFormat(flavour: Flavour): Format {
  return {
    tool: { name: 'bakery ext writer', version: '1' },
    packs: ['e2fsck'],
    reads: ['e2fsck'],
    reproducible: true,
    compressions: [{ name: 'none' }],
    pack: (job, ctx) => packExt(flavour, job, ctx),
    declaredSize: (head) => extSize(flavour.name, head),
    list: listExt,
    extract: ({ image, folder }) => extractExt(image, folder),
  };
}

async function packExt(flavour: Flavour, job: PackJob, ctx: ImageContext): Promise<void> {
  const entries = await walkTree(job.root);
  requireRoom(flavour.name, entries, job.size);
  using progress = ctx.report.progress(`write ${flavour.name}`, entries.length);
  const uuid = Buffer.from(uuidFrom(job.name).replaceAll('-', ''), 'hex');
  const { output, size, epoch } = job;
  const written = await writeExt(entries, { output, size, epoch, flavour, uuid }, (done) =>
    progress.update(done),
  );
  if (written === undefined) throw tooSmall(flavour.name, job.size);
  await runChecked(ctx.exec, 'e2fsck', ['-fn', job.output]);
}

function requireRoom(name: string, entries: readonly TreeEntry[], size: number): void {
  const blocks = entries
    .filter((entry) => entry.linkTo === undefined)
    .reduce((sum, entry) => sum + Math.max(1, Math.ceil(entry.size / blockSize)), 0);
  const needed = blocks * blockSize + (entries.length + firstFree) * inodeSize;
  if (needed > size) throw tooSmall(name, size, needed);
}

function tooSmall(name: string, size: number, needed?: number): UserError {
  const detail = needed === undefined ? '' : ` of at least ${showSize(needed)}`;
  return new UserError(
    'image.settings',
    `${name} image: expected a size${detail} that holds the tree, got ${showSize(size)}`,
    {
      hint: 'give a larger --ext-fs-size',
    },
  );
}
