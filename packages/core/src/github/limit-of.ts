import { z } from 'zod';
import { secondaryLimitMs } from '../fetch/retry-after.ts';
import type { Busy } from './busy.ts';

/** An answer of GitHub, good or bad. */
export const Answered = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.union([z.string(), z.number()]).optional()),
  data: z.unknown(),
});
export type Answered = z.infer<typeof Answered>;

const Said = z.object({
  message: z.string().optional(),
  errors: z.array(z.object({ type: z.string().optional(), message: z.string().optional() })).optional(),
});

/**
 * The limit an answer speaks of, if any. A used up hour is a 403, a 429, or of GraphQL a 200; so are requests too
 * fast, which used to be called abuse, and may come without Retry-After: then a minute is the least.
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 * https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#exceeding-the-rate-limit
 */
export function limitOf(
  { status, headers, data }: Answered,
  isGraphql: boolean,
  now: number,
): Busy | undefined {
  const isRefusal = status === 403 || status === 429;
  if (!isRefusal && !(isGraphql && status === 200)) return undefined;
  const said = Said.safeParse(data).data;
  const errors = said?.errors ?? [];
  const words = [said?.message, ...errors.map(({ message }) => message)].join('\n');
  const retryAfter = Number(headers['retry-after'] ?? Number.NaN);
  const soon = now + (Number.isNaN(retryAfter) ? secondaryLimitMs : retryAfter * 1000);
  if (/secondary rate limit|abuse detection/i.test(words)) return { kind: 'secondary', until: soon };
  const isUsedUp = isRefusal && headers['x-ratelimit-remaining']?.toString() === '0';
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1000;
  if (isUsedUp || errors.some(({ type }) => type === 'RATE_LIMITED')) {
    return { kind: isGraphql ? 'graphql' : 'hourly', until: Number.isNaN(reset) ? soon : reset + 1000 };
  }
  const isLimit = status === 429 || (isRefusal && (!Number.isNaN(retryAfter) || /rate limit/i.test(words)));
  return isLimit ? { kind: 'secondary', until: soon } : undefined;
}
