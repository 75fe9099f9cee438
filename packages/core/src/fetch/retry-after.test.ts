import { describe, expect, it } from '@jest/globals';
import { retryAfter } from './retry-after.ts';

const now = Date.UTC(2026, 10, 23, 12, 0, 0);

describe('retryAfter', () => {
  it.each([
    ['a broken gateway', 502, {}, '', 1, { kind: 'backoff', ms: 250 }],
    ['the third failure', 503, {}, '', 3, { kind: 'backoff', ms: 1000 }],
    ['Retry-After in seconds', 429, { 'retry-after': '7' }, '', 1, { kind: 'asked', ms: 7000 }],
    [
      'Retry-After as a date',
      503,
      { 'retry-after': 'Mon, 23 Nov 2026 12:01:00 GMT' },
      '',
      1,
      { kind: 'asked', ms: 60_000 },
    ],
    [
      'a date that is over',
      503,
      { 'retry-after': 'Mon, 23 Nov 2026 11:00:00 GMT' },
      '',
      1,
      { kind: 'asked', ms: 0 },
    ],
    [
      'a used up limit',
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 60) },
      '',
      1,
      { kind: 'asked', ms: 61_000 },
    ],
    [
      'a secondary limit',
      403,
      {},
      'You have exceeded a secondary rate limit.',
      1,
      { kind: 'asked', ms: 60_000 },
    ],
    [
      'a secondary limit again',
      403,
      {},
      'You have exceeded a secondary rate limit.',
      2,
      { kind: 'asked', ms: 120_000 },
    ],
    ['a timeout', 408, {}, '', 1, { kind: 'backoff', ms: 250 }],
    ['a plain refusal', 403, { 'x-ratelimit-remaining': '42' }, 'Resource not accessible', 1, undefined],
    ['no login', 401, {}, '', 1, undefined],
    ['a bad request', 400, { 'retry-after': '7' }, '', 1, undefined],
    ['a method nobody wrote', 501, {}, '', 1, undefined],
  ])('%s', (_title, status, headers, said, attempt, wanted) => {
    expect(retryAfter({ status, headers: new Headers(headers), said }, attempt, now, () => 0)).toEqual(
      wanted,
    );
  });
});
