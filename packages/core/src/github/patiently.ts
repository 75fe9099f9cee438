import type { Octokit } from '@octokit/rest';
import pLimit from 'p-limit';
import type { Report } from '../ports/report.ts';
import { GithubBusy } from './busy.ts';
import { Answered, limitOf } from './limit-of.ts';
import { isGraphql, pace, type Clock, type Pace } from './pace.ts';

export interface Patience {
  readonly report: Report;
  /** Milliseconds a second lasts. */
  readonly secondMs: number;
  /** Longer waits end in GithubBusy; in seconds. */
  readonly longestWait: number;
  /** Milliseconds since 1970. */
  readonly clock: Clock;
}

const maxWaits = 3; // after that a limit is not about our pace
const maxAtOnce = 10; // GitHub allows 100 to all jobs of a repository together

/**
 * Octokit’s plugin for this throws a used up GraphQL limit as an error without status, takes a secondary limit that
 * GraphQL answers with 200 for data, and lets no request hurry while a file is out of its place.
 */
export function askPatiently(octokit: Octokit, patience: Patience): Pace {
  const { report, secondMs, longestWait, clock } = patience;
  const paced = pace(secondMs, patience.clock);
  const running = pLimit(maxAtOnce);
  octokit.hook.wrap('request', async (send, options) => {
    const { method, url, request } = options;
    for (let waits = 0; ; waits++) {
      await paced.turn({ method, url, isUrgent: request?.['isUrgent'] === true });
      const [sent] = await running(() => Promise.allSettled([send(options)]));
      const answer = Answered.safeParse(sent.status === 'fulfilled' ? sent.value : responseOf(sent.reason));
      const busy = answer.success ? limitOf(answer.data, isGraphql(url), clock.now()) : undefined;
      if (busy === undefined) {
        if (sent.status === 'rejected') throw sent.reason;
        return sent.value;
      }
      const seconds = Math.max(0, Math.ceil(((busy.until ?? 0) - clock.now()) / 1000));
      const cause = sent.status === 'rejected' ? { cause: sent.reason } : {};
      const reached = new GithubBusy(busy, cause);
      if (seconds > longestWait || waits === maxWaits) throw reached;
      report.warn(`${url}: ${reached.message}, waiting ${seconds} s`);
      await clock.sleep(seconds * secondMs);
    }
  });
  return paced;
}

function responseOf(error: unknown): unknown {
  return error instanceof Error && 'response' in error ? error.response : undefined;
}
