import { type Program, toolsFor } from '../tools/known-tools.ts';
import { findProgram } from '../tools/search-path.ts';
import { type BuildStep, kindOfStep } from './build-step.ts';
import { findEngine } from './engine.ts';

/** What must be installed for build steps. `path` as in PATH. */
export async function toolsOfBuilds(steps: readonly BuildStep[], path: string): Promise<Program[]> {
  const jobs = new Set(steps.flatMap((step) => kindOfStep(step).tools(step.step)));
  if (jobs.has('containers') && (await hasEngine(steps, path))) jobs.delete('containers');
  return toolsFor(...jobs);
}

/** Any engine will do, and images can be unpacked without one. */
async function hasEngine(steps: readonly BuildStep[], path: string): Promise<boolean> {
  if ((await findEngine({ path })) !== undefined) return true;
  const found = await Promise.all(['skopeo', 'umoci'].map((program) => findProgram(program, path)));
  return (
    found.every((program) => program !== undefined) &&
    !steps.some((step) => kindOfStep(step).needsEngine?.(step.step))
  );
}
