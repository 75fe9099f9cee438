import { UserError } from '../diagnostics/user-error.ts';

/** What a body must bring on the average, so that waiting for it ends in a time that its size decides. */
export interface MinimumRate {
  /** Milliseconds of waiting before it counts: servers and lines take a while to get going. */
  readonly graceMs: number;
  /** Bytes a second; a quarter of a telephone modem, for the fourth of four downloads at once. */
  readonly bytesPerSecond: number;
}

export const minimumRate: MinimumRate = { graceMs: 120_000, bytesPerSecond: 2_000 };

/** UserError when `bytes` in `waitedMs`, which is only time that somebody waited for them, are too few. */
export function requireRate(
  url: string,
  { bytes, waitedMs }: { readonly bytes: number; readonly waitedMs: number },
  { graceMs, bytesPerSecond }: MinimumRate = minimumRate,
): void {
  if (waitedMs <= graceMs || (bytes / waitedMs) * 1000 >= bytesPerSecond) return;
  throw new UserError(
    'fetch.too-slow',
    `${url}: expected at least ${bytesPerSecond} bytes a second, got ${bytes} bytes in ${Math.round(waitedMs / 1000)} s`,
    { hint: 'a mirror of it (mirrors: in bakery.yaml) may be faster' },
  );
}

const fairBytes = 16 * 1024; // of an attempt that broke off: a byte at a time would go on for years

/** Whether an attempt that broke off brought so many new bytes that another one is not asked in vain. */
export function bringsEnough(bytes: number, tookMs: number): boolean {
  return bytes >= fairBytes && bytes * 1000 >= minimumRate.bytesPerSecond * tookMs;
}
