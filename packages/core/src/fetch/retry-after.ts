import { backoffMs } from './backoff.ts';

/** What a server said beside the body that was asked for. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  /** Start of the body. */
  readonly said: string;
}

/** What to do about a refusal: `backoff` is our own guess, `asked` the server's word. Milliseconds. */
export type Retry = { readonly kind: 'backoff' | 'asked'; readonly ms: number };

/** Milliseconds; longer, and a person wants to know rather than wait. */
export const longestWaitMs = 5 * 60_000;

// Milliseconds; who asks for more is not believed, and a date so far away could not be shown.
const longestAskedMs = 365 * 24 * 3600_000;
// GitHub: without Retry-After wait at least a minute, then longer and longer.
// https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
export const secondaryLimitMs = 60_000; // for the first time
const clockSkewMs = 1_000; // milliseconds; x-ratelimit-reset is in whole seconds of somebody else's clock

/** When to ask again, or `undefined` when asking again is pointless. `now` in milliseconds since 1970. */
export function retryAfter(
  refusal: Refusal,
  attempt: number,
  now: number,
  random: () => number,
): Retry | undefined {
  if (!isTransient(refusal)) return undefined;
  const asked = askedMs(refusal.headers, now);
  if (asked !== undefined) return { kind: 'asked', ms: Math.min(asked, longestAskedMs) };
  if (saysLimit(refusal)) return { kind: 'asked', ms: secondaryLimitMs * 2 ** (attempt - 1) };
  return { kind: 'backoff', ms: backoffMs(attempt, random) };
}

function isTransient(refusal: Refusal): boolean {
  const { status, headers } = refusal;
  if (status === 408 || status === 429) return true;
  if (status === 403) return headers.has('retry-after') || isUsedUp(headers) || saysLimit(refusal);
  return status >= 500 && status !== 501 && status !== 505;
}

function askedMs(headers: Headers, now: number): number | undefined {
  const after = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(after)) return Number(after) * 1000;
  const date = Date.parse(after);
  if (!Number.isNaN(date)) return Math.max(0, date - now);
  const reset = headers.get('x-ratelimit-reset') ?? '';
  if (isUsedUp(headers) && /^\d+$/.test(reset)) {
    return Math.max(0, Number(reset) * 1000 - now) + clockSkewMs;
  }
  return undefined;
}

function isUsedUp(headers: Headers): boolean {
  return headers.get('x-ratelimit-remaining') === '0';
}

function saysLimit({ status, said }: Refusal): boolean {
  return (status === 403 || status === 429) && /rate limit|abuse detection/i.test(said);
}
