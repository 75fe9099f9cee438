import type { Budget, Spending } from '../store/budget.ts';
import type { Wanted } from './plan.ts';

/** A version that may be built, and what would be written of it. */
export interface Candidate {
  readonly wanted: Wanted;
  /** Files of its release. */
  readonly files: number;
  /** Images that would lie beside the index of its extension. */
  readonly besideIndex: number;
}

/** What is known of an extension’s index before the run. */
export interface IndexStanding {
  readonly isNew: boolean;
  /** Whether there are versions that no index names. */
  readonly isOverdue: boolean;
  /** Files it lacks whatever is built. */
  readonly missing: number;
}

export interface Limits {
  readonly budget: Budget;
  /** How many hours’ worth the run may spend: its jobs wait for the next ones. */
  readonly hours: number;
  readonly standingOf: (extension: string) => IndexStanding;
  readonly isGlobalNew: boolean;
  /** Extensions that are looked at whether or not something of them is built. */
  readonly extensions: readonly string[];
}

const forChecks = 40; // requests: what the jobs read, and a retry here and there

/**
 * The first of `candidates` that can be published together with the indexes that name them; the rest waits. What
 * indexes take comes first: a version that no host finds is worth nothing.
 */
export function withinBudget(
  candidates: readonly Candidate[],
  limits: Limits,
): { readonly chosen: readonly Candidate[]; readonly deferred: readonly Candidate[] } {
  const { budget, hours } = limits;
  const room = sum([budget.left, ...Array.from({ length: hours - 1 }, () => budget.hourly)]);
  const fits = (chosen: readonly Candidate[]): boolean => {
    const takes = sum([
      { requests: forChecks, creations: 0 },
      ...chosen.map(({ files }) => budget.release(files)),
      ...indexes(chosen, limits),
    ]);
    return takes.requests <= room.requests && takes.creations <= room.creations;
  };
  let end = 0;
  while (end < candidates.length && fits(candidates.slice(0, end + 1))) end++;
  return { chosen: candidates.slice(0, end), deferred: candidates.slice(end) };
}

/** Of each extension that something changes in, and of everything. */
function indexes(
  chosen: readonly Candidate[],
  { budget, standingOf, isGlobalNew, extensions }: Limits,
): readonly Spending[] {
  const built = Map.groupBy(chosen, ({ wanted }) => wanted.name);
  const overdue = extensions.filter((name) => !built.has(name) && standingOf(name).isOverdue);
  const own = [...built.keys(), ...overdue].map((name) => {
    const { isNew, missing } = standingOf(name);
    const versions = built.get(name) ?? [];
    const images = versions.reduce((total, { besideIndex }) => total + besideIndex, 0);
    // As many as come give way where an index is full.
    return budget.index({ isNew, isGlobal: false, added: images + missing, removed: isNew ? 0 : images });
  });
  const all = { isNew: isGlobalNew, isGlobal: true, added: isGlobalNew ? 1 : 0, removed: 0 };
  return own.length === 0 ? [] : [...own, budget.index(all)];
}

function sum(spendings: readonly Spending[]): Spending {
  return {
    requests: spendings.reduce((total, { requests }) => total + requests, 0),
    creations: spendings.reduce((total, { creations }) => total + creations, 0),
  };
}
