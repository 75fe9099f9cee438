import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tree } from '../stage/tree.ts';
import type { BuildContext } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';
import type { BuildStep } from './build-step.ts';
import { ociRootfs } from './oci-rootfs.ts';
import { takeFolder } from './take-folder.ts';

export type OciRootfsStep = Extract<BuildStep, { 'oci-rootfs': unknown }>['oci-rootfs'];

/** Takes folders out of a container image. */
export async function takeOciRootfs(
  { image, run, take }: OciRootfsStep,
  tree: Tree,
  context: BuildContext,
): Promise<BuildRecord> {
  const root = join(context.scratch, 'root');
  await mkdir(root);
  const record = await ociRootfs({ image, run }, root, context);
  for (const [from, to] of Object.entries(take)) takeFolder(root, from, to, tree, image);
  return { step: 'oci-rootfs', image: record };
}
