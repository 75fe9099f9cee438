import { claimOf } from '../claim.ts';
import { type Check, skipped } from '../outcome.ts';
import type { Subject } from '../subject.ts';

/** What a recipe asks of a host that runs: nothing runs where /usr alone is merged. */
export function checkNeedsManager({ promises }: Subject): Check[] {
  if ('unknown' in promises) return [];
  return promises.tests.map((test) => ({
    ...skipped(claimOf(test), 'no service manager runs on this host: --host vm has one'),
    place: test.place,
  }));
}
