import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { startFakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { limitKinds } from '@bakery/testbed/fake-github/faults.ts';
import { silentReport } from '../ports/report.ts';
import { githubClient } from './client.ts';
import { githubConfig } from './config.ts';
import { graphql } from './graphql.ts';
import { explained } from './refusal.ts';

const repository = 'GET /repos/{owner}/{repo}';
const graphqlRoute = 'POST /graphql';

async function open(options: Parameters<typeof startFakeGithub>[0] = {}, longestWait = 60, secondMs = 1) {
  const fake = await startFakeGithub(options);
  fake.addRepo('octo/bakery');
  const warnings: string[] = [];
  const report = { ...silentReport, warn: (line: string) => warnings.push(line) };
  const env = {
    GITHUB_API_URL: fake.apiUrl,
    GITHUB_GRAPHQL_URL: fake.graphqlUrl,
    GITHUB_SERVER_URL: fake.serverUrl,
    GITHUB_TOKEN: 'test-token',
  };
  const client = githubClient(githubConfig(env), { report, secondMs, longestWait });
  const ask = () =>
    explained('octo/bakery', () => client.octokit.rest.repos.get({ owner: 'octo', repo: 'bakery' }));
  const query = () =>
    explained('octo/bakery', () => graphql(client, '{ rateLimit { limit } }', {}, z.unknown()));
  return { fake, client, ask, query, warnings, [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose]() };
}

const message = 'You have exceeded a secondary rate limit';

describe('a client', () => {
  it.each([
    { what: '502', effect: { kind: 'status', status: 502 } },
    { what: 'a reset', effect: { kind: 'reset' } },
    { what: '403 with Retry-After', effect: { kind: 'status', status: 403, retryAfter: 3, message } },
    { what: '429 with Retry-After', effect: { kind: 'status', status: 429, retryAfter: 3, message } },
    { what: '429 without a reason', effect: { kind: 'status', status: 429 } },
  ] as const)('asks again after $what', async ({ effect }) => {
    await using bench = await open();
    bench.fake.addFault({ route: repository, effect });
    expect((await bench.ask()).status).toBe(200);
    expect(bench.fake.requests()).toEqual(new Map([[repository, 2]]));
  });

  it('waits as long as Retry-After says and tells so', async () => {
    await using bench = await open();
    bench.fake.addFault({
      route: repository,
      effect: { kind: 'limit', limit: 'pace as 403', seconds: 50 },
    });
    const began = performance.now();
    await bench.ask();
    expect(performance.now() - began).toBeGreaterThanOrEqual(49);
    expect(bench.warnings).toEqual([
      expect.stringMatching(
        /^\/repos\/\{owner\}\/\{repo\}: GitHub’s limit for many requests at a time is reached until .* UTC, waiting 50 s$/,
      ),
    ]);
  });

  const limits = limitKinds.map((limit) => {
    const route = limit.endsWith('200') ? graphqlRoute : repository;
    return { limit, route, kind: limit.startsWith('hour') ? 'hourly' : 'secondary' };
  });

  it.each(limits)('goes on after $limit when it is over soon', async ({ limit, route }) => {
    await using bench = await open();
    bench.fake.addFault({ route, times: 2, effect: { kind: 'limit', limit, seconds: 2 } });
    await (route === repository ? bench.ask() : bench.query());
    expect(bench.fake.requests()).toEqual(new Map([[route, 3]]));
  });

  it.each(limits)('defers for $limit that is over late, or never', async ({ limit, route, kind }) => {
    await using bench = await open();
    const ask = () => (route === repository ? bench.ask() : bench.query());
    bench.fake.addFault({ route, effect: { kind: 'limit', limit, seconds: 1800 } });
    const refused = {
      busy: { kind: route === graphqlRoute && kind === 'hourly' ? 'graphql' : kind },
      message: expect.stringMatching(/^octo\/bakery: GitHub’s .*limit .*is reached until 20.* UTC$/),
      hint: expect.stringMatching(
        /^nothing is half done; the next run goes on from here, or run again after 20/,
      ),
    };
    await expect(ask()).rejects.toMatchObject(refused);
    bench.fake.addFault({ route, times: 99, effect: { kind: 'limit', limit, seconds: 1 } });
    await expect(ask()).rejects.toMatchObject(refused);
    expect(bench.fake.requests()).toEqual(new Map([[route, 5]]));
  });

  it('calls what GitHub does not answer the same', async () => {
    await using bench = await open();
    bench.fake.addFault({ route: repository, times: 9, effect: { kind: 'status', status: 502 } });
    await expect(bench.ask()).rejects.toMatchObject({
      busy: { kind: 'outage' },
      message: expect.stringContaining('GitHub does not answer (Server Error'),
    });
  });

  it('tells a used up GraphQL limit from other errors', async () => {
    await using bench = await open({ limits: { graphql: 0 } });
    await expect(bench.query()).rejects.toThrow('hourly GraphQL limit is reached');
    await expect(graphql(bench.client, '{ nonsense }', {}, z.unknown())).rejects.toThrow('nonsense');
  });

  it('sends writes at the pace, questions without', async () => {
    await using bench = await open({}, 60, 300);
    const { octokit } = bench.client;
    const remove = (isUrgent: boolean) =>
      octokit.rest.repos
        .deleteReleaseAsset({ owner: 'octo', repo: 'bakery', asset_id: 1, request: { isUrgent } })
        .catch(() => undefined);
    for (let n = 0; n < 5; n++) await bench.query();
    await remove(false);
    const before = performance.now();
    await remove(true);
    await remove(false);
    // The urgent one took no time of its own, and the last one waited for both; a timer may end a moment early.
    expect(performance.now() - before).toBeGreaterThan(200);
    expect([...bench.fake.requests().values()].reduce((sum, count) => sum + count, 0)).toBe(8);
  });
});
