import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tree } from '../stage/tree.ts';
import type { BuildContext } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';
import type { BuildStep } from './build-step.ts';
import { buildInContainer } from './container-step.ts';
import { buildFlatwrap } from './flatwrap-step.ts';
import { buildFlix } from './flix-step.ts';
import { takeInner } from './inner-step.ts';
import { takeOciRootfs } from './oci-rootfs-step.ts';

/** Runs the build steps of one image in their order, and tells what each was made from. */
export async function runBuilds(
  steps: readonly BuildStep[],
  tree: Tree,
  context: BuildContext,
): Promise<BuildRecord[]> {
  const records: BuildRecord[] = [];
  await mkdir(context.scratch, { recursive: true });
  for (const step of steps) {
    const scratch = await mkdtemp(join(context.scratch, 'step-'));
    records.push(await runBuild(step, tree, { ...context, scratch }));
  }
  return records;
}

function runBuild(step: BuildStep, tree: Tree, context: BuildContext): Promise<BuildRecord> {
  if ('container' in step) return buildInContainer(step.container, tree, context);
  if ('flix' in step) return buildFlix(step.flix, tree, context);
  if ('inner' in step) return takeInner(step.inner, tree, context);
  if ('flatwrap' in step) return buildFlatwrap(step.flatwrap, tree, context);
  return takeOciRootfs(step['oci-rootfs'], tree, context);
}
