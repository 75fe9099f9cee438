import { setTimeout as sleep } from 'node:timers/promises';
import { startFakeGithub, type FakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { fetchHttp } from '../../fetch/http.ts';
import { githubClient } from '../../github/client.ts';
import { githubConfig } from '../../github/config.ts';
import { silentReport } from '../../ports/report.ts';
import { githubStore } from '../github.ts';
import type { Store } from '../store.ts';

export const repository = 'octo/bakery';

export interface FakeStore extends AsyncDisposable {
  readonly fake: FakeGithub;
  /** What another run would open. */
  store(token?: string): Store;
}

/** The GitHub store against the fake, with an empty repository; for tests. */
export async function openFakeStore(
  seed: Parameters<FakeGithub['addRepo']>[1] = {},
  options: Parameters<typeof startFakeGithub>[0] = {},
): Promise<FakeStore> {
  const fake = await startFakeGithub({ ...options, limits: { ...unlimited, ...options.limits } });
  fake.addRepo(repository, seed);
  return {
    fake,
    store: (token = 'test-token') => storeAt(fake, token),
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  };
}

const plenty = 100_000;
const unlimited = {
  core: plenty,
  graphql: plenty,
  contentPerMinute: plenty,
  contentPerHour: plenty,
  pointsPerMinute: plenty,
  graphqlPointsPerMinute: plenty,
};

/** Seconds last 5 ms there; an empty token is none. */
export function storeAt(urls: Pick<FakeGithub, 'apiUrl' | 'graphqlUrl' | 'serverUrl'>, token: string): Store {
  const config = githubConfig({
    GITHUB_API_URL: urls.apiUrl,
    GITHUB_GRAPHQL_URL: urls.graphqlUrl,
    GITHUB_SERVER_URL: urls.serverUrl,
    GITHUB_TOKEN: token,
  });
  return githubStore({
    client: githubClient(config, { report: silentReport, secondMs: 5 }),
    owner: 'octo',
    repo: 'bakery',
    report: silentReport,
    sleep: shorten,
    random: Math.random,
    http: fetchHttp({
      mirrors: [],
      userAgent: config.userAgent,
      githubHosts: [],
      offline: false,
      report: silentReport,
      sleep: shorten,
      random: Math.random,
      now: Date.now,
    }),
  });
}

function shorten(ms: number): Promise<void> {
  return sleep(ms / 100);
}
