import type { Caller } from './access.ts';
import { failed, ok, type Answer } from './answer.ts';
import type { LimitKind } from './faults.ts';

/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export interface Limits {
  /** Requests an hour and token. */
  readonly core: number;
  /** Points an hour and token. */
  readonly graphql: number;
  /** Requests an hour without a token. */
  readonly anonymous: number;
  readonly contentPerMinute: number;
  readonly contentPerHour: number;
  readonly pointsPerMinute: number;
  readonly graphqlPointsPerMinute: number;
  /** Requests that one upload counts as: https://github.com/softprops/action-gh-release/issues/261 */
  readonly upload: number;
}

/** Those of a GITHUB_TOKEN. */
export const tokenLimits: Limits = {
  core: 1000,
  graphql: 1000,
  anonymous: 60,
  contentPerMinute: 80,
  contentPerHour: 500,
  pointsPerMinute: 900,
  graphqlPointsPerMinute: 2000,
  upload: 2,
};

export const limitNames = [
  'core',
  'graphql',
  'anonymous',
  'contentPerMinute',
  'contentPerHour',
  'pointsPerMinute',
  'graphqlPointsPerMinute',
  'upload',
] as const satisfies readonly (keyof Limits)[];

export type Resource = 'core' | 'graphql';

export interface Standing {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds since 1970. */
  readonly reset: number;
  readonly used: number;
}

export interface RateLimit {
  /** Counts a REST request; the answer is the refusal when it is one too many. */
  readonly charge: (
    caller: Caller,
    request: { readonly method: string; readonly isUpload: boolean },
  ) => Refusal;
  /** Counts a GraphQL query of that many points. */
  readonly chargePoints: (caller: Caller, points: number) => Refusal;
  /** Gives back what a 304 did not cost. */
  readonly refund: (caller: Caller) => void;
  readonly standing: (caller: Caller, resource: Resource) => Standing;
  readonly headers: (caller: Caller, resource: Resource) => Record<string, string>;
}

type Refusal = Answer | undefined;

const minute = 60_000;
const hour = 60 * minute;

interface Account {
  readonly windows: Record<Resource, { endsAt: number; used: number }>;
  /** Times of content-creating requests. */
  readonly content: number[];
  readonly points: Record<Resource, { readonly at: number; readonly points: number }[]>;
}

export function rateLimit(limits: Limits, clock: () => number): RateLimit {
  const accounts = new Map<string, Account>();

  function accountOf(caller: Caller): Account {
    const key = caller.kind === 'token' ? caller.token : '';
    const account = accounts.get(key) ?? newAccount();
    accounts.set(key, account);
    for (const window of Object.values(account.windows)) {
      if (clock() >= window.endsAt) {
        Object.assign(window, { endsAt: clock() + hour, used: 0 });
      }
    }
    return account;
  }

  function standing(caller: Caller, resource: Resource): Standing {
    const { used, endsAt } = accountOf(caller).windows[resource];
    const limit = caller.kind === 'anonymous' ? limits.anonymous : limits[resource];
    return { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(endsAt / 1000) };
  }

  function headers(caller: Caller, resource: Resource): Record<string, string> {
    const { limit, used, remaining, reset } = standing(caller, resource);
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-used': String(used),
      'x-ratelimit-resource': resource,
    };
  }

  function spend(account: Account, resource: Resource, points: number, perMinute: number): Refusal {
    const spent = account.points[resource].filter(({ at }) => at > clock() - minute);
    if (spent.reduce((sum, entry) => sum + entry.points, points) > perMinute) {
      return secondary(60);
    }
    spent.push({ at: clock(), points });
    account.points[resource] = spent;
    return undefined;
  }

  function createContent(account: Account): Refusal {
    const { content } = account;
    const inLast = (span: number): number => content.filter((at) => at > clock() - span).length;
    if (inLast(minute) >= limits.contentPerMinute) {
      return secondary(60);
    }
    if (inLast(hour) >= limits.contentPerHour) {
      return secondary(Math.ceil(((content.at(-limits.contentPerHour) ?? clock()) + hour - clock()) / 1000));
    }
    content.push(clock());
    return undefined;
  }

  return {
    standing,
    headers,
    charge: (caller, { method, isUpload }) => {
      const account = accountOf(caller);
      if (standing(caller, 'core').remaining === 0) {
        return exhausted(headers(caller, 'core'));
      }
      account.windows.core.used += isUpload ? limits.upload : 1;
      const isRead = method === 'GET' || method === 'HEAD';
      const makesContent = !isRead && method !== 'DELETE';
      return (
        spend(account, 'core', isRead ? 1 : 5, limits.pointsPerMinute) ??
        (makesContent ? createContent(account) : undefined)
      );
    },
    chargePoints: (caller, points) => {
      const account = accountOf(caller);
      if (standing(caller, 'graphql').remaining < points) {
        return exhausted(headers(caller, 'graphql'));
      }
      account.windows.graphql.used += points;
      return spend(account, 'graphql', 1, limits.graphqlPointsPerMinute);
    },
    refund: (caller) => {
      accountOf(caller).windows.core.used -= 1;
    },
  };
}

/** A refusal as GitHub words it; the limit is over after so many seconds. */
export function refusalOf(limit: LimitKind, seconds: number, now: number): Answer {
  const reset = String(Math.ceil(now / 1000) + seconds);
  const usedUp = { 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
  const abuse = 'You have triggered an abuse detection mechanism. Please retry your request later.';
  const answers: Readonly<Record<LimitKind, Answer>> = {
    'hour as 403': exhausted(usedUp),
    'hour as 429': { ...exhausted(usedUp), status: 429 },
    'pace as 403': secondary(seconds),
    'pace as 429': { ...secondary(seconds), status: 429 },
    'abuse as 403': failed(403, abuse, { 'retry-after': String(seconds) }),
    'hour as 200': ok({ errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded.' }] }, usedUp),
    'pace as 200': { ...secondary(seconds), status: 200 },
  };
  return answers[limit];
}

export function secondary(retryAfter: number): Answer {
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  return failed(403, message, { 'retry-after': String(retryAfter) });
}

function exhausted(headers: Record<string, string>): Answer {
  return failed(403, 'API rate limit exceeded for installation.', headers);
}

function newAccount(): Account {
  return {
    windows: { core: { endsAt: 0, used: 0 }, graphql: { endsAt: 0, used: 0 } },
    content: [],
    points: { core: [], graphql: [] },
  };
}
