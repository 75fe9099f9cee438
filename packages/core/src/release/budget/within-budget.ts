import type { Budget, IndexChange, Spending } from '../../store/budget.ts';
import type { Wanted } from '../check/plan.ts';

/** A version that may be built, and what would be written of it. */
export interface Candidate {
  readonly wanted: Wanted;
  /** Files of its release. */
  readonly files: number;
}

export interface Limits {
  readonly budget: Budget;
  /** How many hours’ worth the run may spend: its jobs wait for the next ones. */
  readonly hours: number;
  /** What happens to the index of an extension once these versions are published; undefined where nothing does. */
  readonly indexOf: (extension: string, built: readonly string[]) => IndexChange | undefined;
  /** To the index of everything, whenever another one is written. */
  readonly global: IndexChange;
  /** Extensions that are looked at whether or not something of them is built. */
  readonly extensions: readonly string[];
  /** What the run writes whatever is built. */
  readonly besides?: readonly Spending[];
  /** What it writes besides where something is built. */
  readonly verdicts?: readonly Spending[];
}

export interface Affordable {
  readonly chosen: readonly Candidate[];
  readonly deferred: readonly Candidate[];
  /** Of what is chosen, with its indexes. */
  readonly cost: Spending;
}

const forChecks = 40; // requests: what the jobs read, and a retry here and there

/**
 * The first of `candidates` that can be published together with the indexes that name them; the rest waits. What
 * indexes take comes first: a version that no host finds is worth nothing.
 */
export function withinBudget(candidates: readonly Candidate[], limits: Limits): Affordable {
  const { budget, hours, besides = [], verdicts = [] } = limits;
  const room = sum([budget.left, ...Array.from({ length: hours - 1 }, () => budget.hourly)]);
  const cost = (chosen: readonly Candidate[]): Spending =>
    sum([
      ...besides,
      ...chosen.map(({ files }) => budget.release(files)),
      ...indexes(chosen, limits),
      ...(chosen.length === 0 ? [] : verdicts),
    ]);
  const fits = ({ requests, creations }: Spending): boolean =>
    requests + forChecks <= room.requests && creations <= room.creations;
  let end = 0;
  while (end < candidates.length && fits(cost(candidates.slice(0, end + 1)))) end++;
  const chosen = candidates.slice(0, end);
  return { chosen, deferred: candidates.slice(end), cost: cost(chosen) };
}

/** Of each extension that something changes in, and of everything. */
function indexes(
  chosen: readonly Candidate[],
  { budget, indexOf, global, extensions }: Limits,
): readonly Spending[] {
  const built = Map.groupBy(chosen, ({ wanted }) => wanted.name);
  const own = [...new Set([...built.keys(), ...extensions])].flatMap((name) => {
    const versions = (built.get(name) ?? []).map(({ wanted }) => wanted.version);
    const change = indexOf(name, versions);
    return change === undefined ? [] : [budget.index(change)];
  });
  return own.length === 0 ? [] : [...own, budget.index(global)];
}

function sum(spendings: readonly Spending[]): Spending {
  return {
    requests: spendings.reduce((total, { requests }) => total + requests, 0),
    creations: spendings.reduce((total, { creations }) => total + creations, 0),
  };
}
