import { retry } from '@octokit/plugin-retry';
import { Octokit } from '@octokit/rest';
import type { Report } from '../ports/report.ts';
import type { GithubConfig } from './config.ts';
import { ownClock, type Clock } from './pace.ts';
import { askPatiently } from './patiently.ts';

export interface GithubClient {
  readonly octokit: Octokit;
  readonly config: GithubConfig;
  /** How many changes GitHub would still take from this process within the hour. */
  readonly creationsLeft: () => number;
  /** Waits for that moment, in milliseconds since 1970, unless it is too far away: then it answers false at once. */
  readonly waitUntil: (moment: number, what: string) => Promise<boolean>;
  readonly now: () => number;
}

export interface ClientOptions {
  readonly report: Report;
  /** Milliseconds a second lasts between requests and retries; tests make it shorter. */
  readonly secondMs?: number;
  /** All waits for the hourly limits together; longer ones end in an error, as do shorter ones for other limits. In seconds. */
  readonly longestWait?: number;
  /** The machine’s when left out. */
  readonly clock?: Clock;
}

const defaultLongestWait = 15 * 60; // a job that sleeps longer costs more than one that comes again
// Limits among them: askPatiently waits as long as they say.
const notRetried = [400, 401, 403, 404, 410, 422, 429, 451];

/** Octokit with retries, at GitHub’s recommended pace, and waiting where a limit is over soon. */
export function githubClient(config: GithubConfig, options: ClientOptions): GithubClient {
  const { report, secondMs = 1000, longestWait = defaultLongestWait, clock = ownClock } = options;
  const octokit = new (Octokit.plugin(retry))({
    auth: config.token,
    baseUrl: config.apiUrl,
    userAgent: config.userAgent,
    log: { debug: ignore, info: ignore, warn: (message) => report.warn(message), error: ignore },
    retry: { retryAfterBaseValue: secondMs, doNotRetry: notRetried },
  });
  const { creationsLeft } = askPatiently(octokit, { report, secondMs, longestWait, clock });
  // A job has one time for all its waits, and is killed when they take longer.
  let waited = 0;
  const waitUntil = async (moment: number, what: string): Promise<boolean> => {
    const seconds = Math.max(1, Math.ceil((moment - clock.now()) / 1000));
    if (waited + seconds > longestWait) return false;
    waited += seconds;
    report.warn(`${what}, waiting ${seconds} s`);
    await clock.sleep(seconds * secondMs);
    return true;
  };
  return { octokit, config, creationsLeft, waitUntil, now: clock.now };
}

/** What fails is thrown as well. */
function ignore(): void {}
