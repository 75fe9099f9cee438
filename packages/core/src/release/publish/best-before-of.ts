import type { BestBefore } from '../../signing/feed-signer.ts';
import { bestBeforeIn, formatManifest, type ManifestEntry } from '../../sysupdate/manifest.ts';

/** Days: a missed run or two must not matter, and each renewal is a gap between manifest and signature. */
export const renewedAfter = 7;

/**
 * The day from which hosts are to refuse a manifest of these `entries`, `YYYY-MM-DD`. That of the `published` one stays
 * for a week as long as nothing else changes, so that a run with nothing to do writes nothing.
 */
export function bestBeforeOf(
  entries: readonly ManifestEntry[],
  published: string | undefined,
  { days, now }: BestBefore,
): string {
  const [soonest, latest] = [dayAfter(now(), days - renewedAfter), dayAfter(now(), days)];
  const there = bestBeforeIn(published ?? '');
  const isFresh = there !== undefined && there > soonest && there <= latest;
  return isFresh && formatManifest(entries, there) === published ? there : latest;
}

function dayAfter(now: number, days: number): string {
  return new Date(now + days * 86_400_000).toISOString().slice(0, 10);
}
