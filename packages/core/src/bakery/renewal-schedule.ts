import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Place } from '../diagnostics/place.ts';
import { parseYaml } from '../language/foreign-data.ts';
import { readPlain } from '../lifetime/read-plain.ts';
import { renewedAfter } from '../release/publish/best-before-of.ts';
import { longestGap } from './cron-gap.ts';

const folder = '.github/workflows';
const maxBytes = 512 * 1024; // GitHub takes no longer ones

const Step = z.object({ uses: z.string().optional(), run: z.string().optional() });
const Workflow = z.object({
  on: z.unknown().optional(),
  jobs: z.record(
    z.string(),
    z.object({ uses: z.string().optional(), steps: z.array(Step).optional().catch(undefined) }),
  ),
});
const Scheduled = z.object({ schedule: z.array(z.object({ cron: z.string() })) });

/**
 * What is to be said where indexes name a day (`sign.best-before`, at `place`) and the workflows of the repository `root`
 * do not renew it in time. Of a bakery that no workflow runs, nobody knows when it runs.
 */
export async function renewalProblem(root: string, place: Place): Promise<Diagnostic | undefined> {
  const names = (await readdir(join(root, folder)).catch(() => [])).filter((name) => /\.ya?ml$/.test(name));
  const read = await Promise.all(names.toSorted().map((name) => workflowIn(join(root, folder, name))));
  const ours = read.flatMap((one) => (one !== undefined && renews(one) ? [cronsOf(one.on)] : []));
  if (ours.length === 0) return undefined;
  const crons = ours.flat();
  const gap = longestGap(crons);
  if (gap <= renewedAfter) return undefined;
  const message = `expected a workflow that renews indexes every ${renewedAfter} days or more often, got ${scheduleOf(crons, gap)}`;
  return { code: 'signing.no-schedule', severity: 'warning', place, message };
}

function scheduleOf(crons: readonly string[], gap: number): string {
  if (crons.length === 0) return `${folder} without a schedule`;
  const rules = crons.map((cron) => JSON.stringify(cron)).join(', ');
  return Number.isFinite(gap)
    ? `${rules}, which leaves ${gap} days between runs`
    : `${rules}, which never runs`;
}

type Workflow = z.infer<typeof Workflow>;

/** One that cannot be read runs nothing. */
async function workflowIn(path: string): Promise<Workflow | undefined> {
  try {
    const text = await readPlain(path, { maxBytes });
    return Workflow.safeParse(parseYaml(text?.toString('utf8') ?? '')).data;
  } catch {
    return undefined;
  }
}

/** By bake.yaml, by the action that updates metadata or the one that does everything, or by the command. */
function renews({ jobs }: Workflow): boolean {
  return Object.values(jobs).some(
    ({ uses = '', steps = [] }) =>
      /\/bake\.ya?ml(@|$)/.test(uses) ||
      steps.some(
        (step) =>
          /\/actions\/update-metadata(@|$)|^[^/]+\/[^/@]*bakery[^/@]*@/.test(step.uses ?? '') ||
          /\bbakery\s+(-\S+\s+)*(release|metadata)\b/.test(step.run ?? ''),
      ),
  );
}

function cronsOf(on: unknown): readonly string[] {
  return Scheduled.safeParse(on).data?.schedule.map(({ cron }) => cron) ?? [];
}
