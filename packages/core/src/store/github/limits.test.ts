import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startFakeGithub, type FakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { limitKinds, type LimitKind } from '@bakery/testbed/fake-github/faults.ts';
import { endState, unlimited } from '../../../testing/fake-store.ts';
import { storeAt } from '../../../testing/hurried-store.ts';
import { scenarios, type Scenario } from '../../../testing/scenario.ts';
import { GithubBusy } from '../../github/busy.ts';

const late = 3000; // seconds; longer than a job waits

const jobs: Readonly<Record<string, Scenario>> = {
  ...scenarios,
  list: {
    seed: { releases: [{ tag: 'a-1', assets: [{ name: 'a-1-arm64.raw', text: 'image' }] }] },
    run: async (store) => {
      const tags = [...(await store.publishedTags())];
      return [await store.releases(tags), await store.read('a-1', 'SHA256SUMS')];
    },
  },
};

describe.each(Object.entries(jobs))('%s', (_name, scenario) => {
  const { seed } = scenario;
  it.each(limitKinds)(
    'says so, crashes nowhere and loses nothing when any request meets %s',
    async (limit) => {
      await using fake = await startFakeGithub({ limits: unlimited });
      fake.addRepo('octo/calm', seed);
      const routes = await routesOf(fake, () => work('calm'));
      const wanted = endState(fake, 'octo/calm');
      for (const [n, route] of routes.entries()) {
        if (!isMeant(limit, route)) continue;
        const repo = `limited-${n}`;
        fake.addRepo(`octo/${repo}`, seed);
        let seen = 0;
        for (const passed of routes.slice(0, n)) seen += passed === route ? 1 : 0;
        fake.addFault({ route, skip: seen, times: 99, effect: { kind: 'limit', limit, seconds: late } });
        const outcome = await work(repo).catch((error: unknown) => error);
        expect({ n, route, outcome: told(outcome) }).toEqual({ n, route, outcome: 'told' });
        fake.heal();
        await work(repo);
        expect({ n, route, ...endState(fake, `octo/${repo}`) }).toEqual({ n, route, ...wanted });
      }
      expect(fake.violations()).toEqual([]);

      async function work(repo: string): Promise<unknown> {
        await using folder = await mkdtempDisposable(join(tmpdir(), 'limited-'));
        return await scenario.run(storeAt(fake, 'test-token', repo), folder.path);
      }
    },
  );
});

/** An error that says until when, what is left as a value, or success where the request is not needed for it. */
function told(outcome: unknown): unknown {
  if (outcome instanceof GithubBusy) {
    return outcome.busy.until === undefined || !/run again after 20/.test(outcome.hint ?? '')
      ? outcome
      : 'told';
  }
  if (outcome instanceof Error) return outcome;
  return 'told';
}

/** Limits are answered by the API, with 200 by GraphQL only. */
function isMeant(limit: LimitKind, route: string): boolean {
  const isDownload = route.includes('/download/') || route.startsWith('GET /storage/');
  return limit.endsWith('200') ? route === 'POST /graphql' : !isDownload && route !== 'unknown';
}

async function routesOf(fake: FakeGithub, work: () => Promise<unknown>): Promise<readonly string[]> {
  fake.clearLog();
  await work();
  return fake.log.map(({ route }) => route);
}
