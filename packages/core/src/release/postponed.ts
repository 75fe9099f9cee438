import { clock, GithubBusy } from '../github/busy.ts';
import type { Deferred } from '../store/store.ts';

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
