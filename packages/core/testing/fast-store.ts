import { setImmediate as turn } from 'node:timers/promises';
import type { HostProcess } from '../src/bakery/host-process.ts';
import { fetchHttp } from '../src/fetch/http.ts';
import { githubClient } from '../src/github/client.ts';
import { githubConfig } from '../src/github/config.ts';
import type { Clock } from '../src/github/pace.ts';
import { githubStore } from '../src/store/github.ts';
import type { Store } from '../src/store/store.ts';

export interface FastClock extends Clock {
  readonly pass: (ms: number) => void;
}

/** Whoever sleeps wakes at once, and it is later then. */
export function fastClock(start: number): FastClock {
  let now = start;
  return {
    now: () => now,
    pass: (ms) => {
      now += ms;
    },
    sleep: async (ms) => {
      const until = now + ms;
      await turn(undefined);
      now = Math.max(now, until);
    },
  };
}

const asInJobs = 3600; // seconds; of bake.yaml

/** What a job opens, with GitHub’s limits and pace on a clock that runs fast; for tests. */
export function fastStore(
  { io, repo }: { readonly io: Pick<HostProcess, 'env' | 'report' | 'tmpdir'>; readonly repo: string },
  clock: Clock,
  longestWait = asInJobs,
): Store {
  const [owner = '', name = ''] = repo.split('/');
  const { report } = io;
  const timing = { sleep: () => turn(undefined), random: Math.random, now: clock.now };
  const http = fetchHttp({
    ...timing,
    mirrors: [],
    userAgent: 'fast',
    githubHosts: [],
    offline: false,
    report,
  });
  const client = githubClient(githubConfig(io.env), { report, clock, longestWait });
  return githubStore({ ...timing, http, report, client, owner, repo: name, scratch: io.tmpdir });
}
