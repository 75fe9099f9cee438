import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ImageFolder, MemberGlob } from '../language/image-paths.ts';
import { PlainText, templated } from '../language/slots.ts';
import { ImageReference } from '../names/image-reference.ts';
import type { Tree } from '../stage/tree.ts';
import { conditionShape } from '../versions/condition.ts';
import type { BuildContext } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';
import { ociRootfs } from './oci-rootfs.ts';
import { stepKind } from './step-kind.ts';
import { takeFolder } from './take-folder.ts';

const OciRootfs = z.strictObject({
  image: templated(ImageReference),
  run: z.array(templated(PlainText)).min(1).optional(),
  take: z.record(MemberGlob, templated(ImageFolder)),
});
type OciRootfs = z.infer<typeof OciRootfs>;

export const ociRootfsStep = stepKind({
  kind: 'oci-rootfs',
  form: '{oci-rootfs}',
  schema: z
    .strictObject({ 'oci-rootfs': OciRootfs, ...conditionShape })
    .transform(({ 'oci-rootfs': step, ...conditions }) => ({
      kind: 'oci-rootfs' as const,
      step,
      ...conditions,
    })),
  run: takeOciRootfs,
  tools: () => ['containers'],
  needsEngine: ({ run }) => run !== undefined,
  unpinned: ({ image }) => (image.includes('@sha256:') ? [] : [{ path: ['image'], name: image }]),
});

/** Takes folders out of a container image. */
async function takeOciRootfs(
  { image, run, take }: OciRootfs,
  tree: Tree,
  context: BuildContext,
): Promise<BuildRecord> {
  const root = join(context.scratch, 'root');
  await mkdir(root);
  const record = await ociRootfs({ image, run }, root, context);
  for (const [from, to] of Object.entries(take)) takeFolder(root, from, to, tree, image);
  return { step: 'oci-rootfs', image: record };
}
