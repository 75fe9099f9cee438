import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { startFakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { silentReport } from '../ports/report.ts';
import { githubClient } from './client.ts';
import { githubConfig } from './config.ts';
import { graphql } from './graphql.ts';
import { explained } from './refusal.ts';

const repository = 'GET /repos/{owner}/{repo}';

async function open(options: Parameters<typeof startFakeGithub>[0] = {}, longestWait = 60) {
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
  const client = githubClient(githubConfig(env), { report, secondMs: 1, longestWait });
  const ask = () =>
    explained('octo/bakery', () => client.octokit.rest.repos.get({ owner: 'octo', repo: 'bakery' }));
  return { fake, client, ask, warnings, [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose]() };
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
      effect: { kind: 'status', status: 403, retryAfter: 50, message },
    });
    const began = performance.now();
    await bench.ask();
    expect(performance.now() - began).toBeGreaterThanOrEqual(49);
    expect(bench.warnings).toEqual([
      `/repos/{owner}/{repo}: GitHub’s secondary limit is reached, waiting 50 s`,
    ]);
  });

  it('defers rather than wait longer than a job should', async () => {
    await using bench = await open({ limits: { core: 0 } });
    await expect(bench.ask()).rejects.toMatchObject({
      message: 'octo/bakery: GitHub’s request limit is reached',
      hint: expect.stringContaining('run again after 20'),
    });
  });

  it('tells a used up GraphQL limit from other errors', async () => {
    await using bench = await open({ limits: { graphql: 0 } });
    const query = '{ rateLimit { limit } }';
    await expect(graphql(bench.client, query, {}, z.unknown())).rejects.toThrow('request limit is reached');
    await expect(graphql(bench.client, '{ nonsense }', {}, z.unknown())).rejects.toThrow('nonsense');
  });
});
