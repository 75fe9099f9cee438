import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tree } from '../stage/tree.ts';
import type { BuildContext } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';
import { type BuildStep, kindOfStep } from './build-step.ts';

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
    records.push(await kindOfStep(step).run(step.step, tree, { ...context, scratch }));
  }
  return records;
}
