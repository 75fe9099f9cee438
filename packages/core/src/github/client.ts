import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import Bottleneck from 'bottleneck/light.js';
import type { Report } from '../ports/report.ts';
import type { GithubConfig } from './config.ts';

export interface GithubClient {
  readonly octokit: Octokit;
  readonly config: GithubConfig;
}

export interface ClientOptions {
  readonly report: Report;
  /** Milliseconds a second lasts between requests and retries; tests make it shorter. */
  readonly secondMs?: number;
  /** Longer waits for a request limit end in an error; in seconds. */
  readonly longestWait?: number;
}

const maxLimitRetries = 3; // after that a limit is not about our pace
const defaultLongestWait = 15 * 60; // a job that sleeps longer costs more than one that comes again

/**
 * Octokit with retries and GitHub’s recommended pace: one write a second, one new release in three, and
 * waiting as long as Retry-After or the reset time says.
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
export function githubClient(config: GithubConfig, options: ClientOptions): GithubClient {
  const { report, secondMs = 1000, longestWait = defaultLongestWait } = options;
  const waits = (what: string) => (seconds: number, request: object, _: unknown, retryCount: number) => {
    const isWorthIt = seconds <= longestWait && retryCount < maxLimitRetries;
    const where = 'url' in request ? String(request.url) : config.apiUrl;
    const then = isWorthIt ? `waiting ${seconds} s` : `not waiting ${seconds} s`;
    report.warn(`${where}: GitHub’s ${what} is reached, ${then}`);
    return isWorthIt;
  };
  const octokit = new (Octokit.plugin(retry, throttling))({
    auth: config.token,
    baseUrl: config.apiUrl,
    userAgent: config.userAgent,
    log: { debug: ignore, info: ignore, warn: (message) => report.warn(message), error: ignore },
    retry: { retryAfterBaseValue: secondMs },
    throttle: {
      retryAfterBaseValue: secondMs,
      write: new Bottleneck.Group({ id: 'write', maxConcurrent: 1, minTime: secondMs }),
      notifications: new Bottleneck.Group({ id: 'release', maxConcurrent: 1, minTime: 3 * secondMs }),
      onRateLimit: waits('request limit'),
      onSecondaryRateLimit: waits('secondary limit'),
    },
  });
  return { octokit, config };
}

/** What fails is thrown as well. */
function ignore(): void {}
