import { setTimeout as sleep } from 'node:timers/promises';

/** What the pace depends on. */
export interface Paced {
  readonly method: string;
  /** Path or URL, with or without its parameters filled in. */
  readonly url: string;
  /** Sent without waiting; the next one waits longer instead. */
  readonly isUrgent: boolean;
}

/** What tells and passes time, in milliseconds. */
export interface Clock {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

export interface Pace {
  /** Waits for the turn of a request. */
  readonly turn: (request: Paced) => Promise<void>;
  /** How many changes GitHub would still take within the hour, were there no other process. */
  readonly creationsLeft: () => number;
}

export const creationsAnHour = 500; // https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
const hour = 3_600_000;
export const ownClock: Clock = { now: () => Date.now(), sleep: (ms) => sleep(ms) };

/**
 * The pace GitHub recommends: one write a second, one new release in three. Questions to GraphQL are sent by POST and
 * write nothing.
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests
 */
export function pace(secondMs: number, clock: Clock = ownClock): Pace {
  const created: number[] = [];
  let next = 0;
  return {
    turn: async ({ method, url, isUrgent }) => {
      if (method === 'GET' || method === 'HEAD' || isGraphql(url)) return;
      const now = clock.now();
      if (method !== 'DELETE') created.push(now);
      const makesRelease = method === 'POST' && /\/repos\/[^/]+\/[^/]+\/releases$/.test(url);
      const turn = Math.max(now, next);
      next = turn + (makesRelease ? 3 : 1) * secondMs;
      if (turn > now && !isUrgent) await clock.sleep(turn - now);
    },
    creationsLeft: () => creationsAnHour - created.filter((time) => time > clock.now() - hour).length,
  };
}

export function isGraphql(url: string): boolean {
  return url.endsWith('/graphql');
}
