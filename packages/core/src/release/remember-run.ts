import { UserError } from '../diagnostics/user-error.ts';
import type { Report } from '../ports/report.ts';
import type { Store } from '../store/store.ts';
import { whatLacks } from './check/incomplete.ts';
import type { Plan } from './check/plan.ts';
import type { Failure } from './check/resolve-wanted.ts';
import {
  isWorthRemembering,
  nextStatus,
  type Outcome,
  readStatus,
  statusTag,
  writeStatus,
} from './history/status-file.ts';

export interface Remembering {
  /** Every extension the release list names; all of them were looked at. */
  readonly listed: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What a run was to do, and what went wrong. */
interface Left {
  readonly plan: Plan;
  readonly failures: readonly Failure[];
}

interface RememberContext {
  readonly store: Store;
  readonly report: Report;
  /** Tags the store had before. */
  readonly tags: ReadonlySet<string>;
}

/** Has the store know what a run over the release list left: what fails, and what waits for the next one. */
export async function rememberRun(
  released: Left,
  { listed, now }: Remembering,
  { store, report, tags }: RememberContext,
): Promise<void> {
  const outcome = outcomeOf(released, listed);
  const nothing = { status: 1 as const, failing: {} };
  if (!tags.has(statusTag) && !isWorthRemembering(nothing, outcome)) return;
  try {
    await writeStatus(store, nextStatus(await readStatus(store), outcome, now));
  } catch (error) {
    // What was published is more than what is remembered of the rest.
    if (!(error instanceof UserError)) throw error;
    report.warn(`cannot record what fails or waits: ${error.message}`);
  }
}

function outcomeOf({ plan, failures }: Left, listed: readonly string[]): Outcome {
  const tooMany = `a run builds no more than ${plan.build.length}; the next run builds it`;
  return {
    failed: failures.map(({ name, version = '', error }) => ({
      extension: name,
      version,
      why: error.message,
    })),
    leftOut: (plan.incomplete ?? []).map((one) => ({
      extension: one.name,
      version: one.version,
      why: whatLacks(one),
    })),
    waiting: [
      ...plan.deferred.map(({ name, version }) => ({ extension: name, version, why: tooMany })),
      ...(plan.waiting ?? []).map(({ name, version, why }) => ({ extension: name, version, why })),
    ],
    looked: listed,
    listed: new Set(listed),
  };
}
