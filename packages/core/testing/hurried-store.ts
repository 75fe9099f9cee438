import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fetchHttp } from '../src/fetch/http.ts';
import { githubClient } from '../src/github/client.ts';
import { githubConfig } from '../src/github/config.ts';
import { silentReport } from '../src/ports/report.ts';
import { githubStore } from '../src/store/github.ts';
import type { Store } from '../src/store/store.ts';

export interface Address {
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly serverUrl: string;
}

/** The store of OCTO/`repo` in a hurry, for tests: seconds last 5 ms. An empty token is none. */
export function storeAt(urls: Address, token: string, repo: string, scratch: string = tmpdir()): Store {
  const config = githubConfig({
    GITHUB_API_URL: urls.apiUrl,
    GITHUB_GRAPHQL_URL: urls.graphqlUrl,
    GITHUB_SERVER_URL: urls.serverUrl,
    GITHUB_TOKEN: token,
  });
  return githubStore({
    client: githubClient(config, { report: silentReport, secondMs: 5 }),
    owner: 'octo',
    repo,
    report: silentReport,
    sleep: shorten,
    random: Math.random,
    scratch,
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
