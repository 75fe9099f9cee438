import type { FeedSigner } from './feed-signer.ts';

const notice = 60; // days: enough for a maintainer’s holiday

/** What to say when the key that signs ends soon. `now` is in milliseconds since 1970. */
export function warnOfEnd(
  { fingerprint, expires }: Pick<FeedSigner, 'fingerprint' | 'expires'>,
  now: number,
): string | undefined {
  if (expires === undefined) return undefined;
  const days = Math.floor((expires - now / 1000) / 86_400);
  if (days > notice) return undefined;
  return `the key ${fingerprint} signs for ${days} more days: run bakery key rotate DIR before it ends`;
}
