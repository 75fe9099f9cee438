import { clock, GithubBusy } from '../../github/busy.ts';
import type { Budget } from '../../store/budget.ts';
import type { Deferred } from '../../store/store.ts';

/** A metadata release whose writing goes on in a later run; until then hosts read it as it was. */
export interface Postponed extends Partial<Deferred> {
  readonly name: string;
  /** Milliseconds since 1970, when known. */
  readonly until: number | undefined;
}

/** What a store that takes no more for now leaves to the next run; undefined for every other error. */
export function postponedBy(name: string, error: unknown): Postponed | undefined {
  return error instanceof GithubBusy && error.busy.kind !== 'outage'
    ? { name, until: error.busy.until }
    : undefined;
}

/** As `12 files wait until 2026-11-27 15:42 UTC`. */
export function whatWaits({ files, until }: Postponed): string {
  const what = files === undefined ? 'waits' : files === 1 ? '1 file waits' : `${files} files wait`;
  return until === undefined ? `${what} for the next run` : `${what} until ${clock(until)}`;
}

/** How many more runs write what waits, each with an hour of the store’s limits; undefined where nobody knows. */
export function runsLeft(postponed: readonly Postponed[], budget: Budget | undefined): number | undefined {
  if (budget === undefined || postponed.length === 0) return undefined;
  const { hourly } = budget;
  const worthOfARun = 0.9; // each begins with a look at what the last one wrote, and ends a little early
  const takes = postponed.map(({ files = 1 }) =>
    budget.index({ isNew: true, isGlobal: false, added: files, replaced: 0, removed: 0 }),
  );
  const requests = takes.reduce((sum, one) => sum + one.requests, 0) / (hourly.requests * worthOfARun);
  const creations = takes.reduce((sum, one) => sum + one.creations, 0) / (hourly.creations * worthOfARun);
  return Math.max(1, Math.ceil(requests), Math.ceil(creations));
}

/** For a reader; nothing where nobody knows. */
export function showRunsLeft(runs: number | undefined): string {
  if (runs === undefined) return '';
  return runs === 1 ? 'One more run is enough.' : `${runs} more runs are enough, each in an hour of its own.`;
}
