import { findProgram } from '../tools/search-path.ts';
import { type Job, type Program, toolsFor } from '../tools/table.ts';
import type { BuildStep } from './build-step.ts';
import { findEngine } from './engine.ts';

/** What must be installed for build steps. `path` as in PATH. */
export async function toolsOfBuilds(steps: readonly BuildStep[], path: string): Promise<Program[]> {
  const jobs = new Set(steps.flatMap(jobsOf));
  if (jobs.has('containers') && (await hasEngine(steps, path))) jobs.delete('containers');
  return toolsFor(...jobs);
}

/** Any engine will do, and images can be unpacked without one. */
async function hasEngine(steps: readonly BuildStep[], path: string): Promise<boolean> {
  if ((await findEngine({ path })) !== undefined) return true;
  const found = await Promise.all(['skopeo', 'umoci'].map((program) => findProgram(program, path)));
  return found.every((program) => program !== undefined) && steps.every((step) => !runsSomething(step));
}

function runsSomething(step: BuildStep): boolean {
  if ('container' in step) return true;
  if ('oci-rootfs' in step) return step['oci-rootfs'].run !== undefined;
  return !('inner' in step) && 'apk' in rootOf(step);
}

function jobsOf(step: BuildStep): Job[] {
  if ('container' in step) return ['containers', 'git sources'];
  if ('oci-rootfs' in step) return ['containers'];
  if ('inner' in step) return ['xz archives', 'zstd archives'];
  const root = rootOf(step);
  const rootJobs: Job[] = 'apt' in root ? ['apt roots'] : 'artifact' in root ? [] : ['containers'];
  return 'flix' in step ? ['relocation', ...rootJobs] : rootJobs;
}

type WithRoot = Extract<BuildStep, { flix: unknown } | { flatwrap: unknown }>;

function rootOf(step: WithRoot) {
  return 'flix' in step ? step.flix.root : step.flatwrap.root;
}
