import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startFakeGithub, type FakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { upstreamHttp } from '@bakery/testbed/upstream.ts';
import type { Mirrors } from '../fetch/mirrors.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import type { ListContext } from '../versions/sources/listing.ts';
import { listVersions, VersionSource } from '../versions/sources/sources.ts';
import { githubClient } from './client.ts';
import { githubConfig } from './config.ts';
import { listNames } from './list-names.ts';

let github: FakeGithub;
const hostile = ['v1.0.0"}}', 'v1.0.0\\', 'v1/2/3', 'vé-✓', 'v1.0.0+k3s1', 'v$(id)', "v'1'", 'v${{1}}'];

beforeEach(async () => {
  github = await startFakeGithub();
});
afterEach(async () => {
  expect(github.violations()).toEqual([]);
  await github[Symbol.asyncDispose]();
});

describe('the names of projects on GitHub, with a token', () => {
  it('are all there, page after page', async () => {
    github.seedUpstream('octo/tool', tags(250));
    expect(await texts('releases', 'octo/tool')).toEqual(tags(250).toSorted());
    expect(await texts('tags', 'octo/tool')).toEqual(tags(250).toSorted());
    expect(github.requests()).toEqual(new Map([['POST /graphql', 6]]));
  });

  it('share requests: 27 projects of 150 releases in 3', async () => {
    const repos = Array.from({ length: 27 }, (_, n) => `octo/tool-${n}`);
    for (const repo of repos) github.seedUpstream(repo, tags(150));
    const context = contextFor();
    const lists = await Promise.all(repos.map((repo) => listVersions(source('releases', repo), context)));
    expect(lists.map((list) => list.length)).toEqual(repos.map(() => 150));
    expect(github.requests()).toEqual(new Map([['POST /graphql', 3]]));
  });

  it.each([{ token: 'test-token' }, { token: '' }])(
    'leave out drafts and tell prereleases, as REST does (token "$token")',
    async ({ token }) => {
      github.addRepo('octo/tool', {
        releases: [
          { tag: 'v1.0.0' },
          { tag: 'v2.0.0-rc.1', prerelease: true },
          { tag: 'v2.0.0', draft: true },
          ...hostile.map((tag) => ({ tag })),
        ],
      });
      const listed = await listVersions(source('releases', 'octo/tool'), contextFor({ token }));
      expect(new Map(listed.map(({ text, prerelease }) => [text, prerelease]))).toEqual(
        new Map([['v1.0.0', false], ['v2.0.0-rc.1', true], ...hostile.map((tag) => [tag, false] as const)]),
      );
      const route = token === '' ? 'GET /repos/{owner}/{repo}/releases' : 'POST /graphql';
      expect(github.requests()).toEqual(new Map([[route, 1]]));
    },
  );

  it('are none for a project without releases', async () => {
    github.addRepo('octo/empty');
    expect(await texts('releases', 'octo/empty')).toEqual([]);
    expect(await texts('tags', 'octo/empty')).toEqual([]);
  });

  it('fail for a missing project alone, in the words of REST', async () => {
    github.seedUpstream('octo/tool', tags(2));
    const context = contextFor();
    const [good, gone] = await Promise.allSettled([
      listVersions(source('releases', 'octo/tool'), context),
      listVersions(source('releases', 'octo/gone'), context),
    ]);
    expect(good).toMatchObject({ status: 'fulfilled', value: [{}, {}] });
    expect(gone).toMatchObject({
      reason: {
        message: `${github.apiUrl}/repos/octo/gone/releases?per_page=100: expected the releases of the repository octo/gone, got 404: it does not exist or is private`,
      },
    });
  });

  it('are asked of a mirror where there is one', async () => {
    github.seedUpstream('octo/tool', tags(2));
    const mirrors = [{ prefix: 'https://api.example.com/', target: `${github.apiUrl}/` }];
    const listed = await listVersions(
      source('releases', 'octo/tool'),
      contextFor({ mirrors, apiUrl: 'https://api.example.com' }),
    );
    expect(listed).toHaveLength(2);
    expect(github.requests()).toEqual(new Map([['GET /repos/{owner}/{repo}/releases', 1]]));
  });

  it('are asked for fewer at a time when that takes GitHub too long', async () => {
    const repos = Array.from({ length: 9 }, (_, n) => `octo/tool-${n}`);
    for (const repo of repos) github.seedUpstream(repo, tags(150));
    github.addFault({
      route: 'POST /graphql',
      times: 1,
      when: 'before',
      effect: { kind: 'status', status: 502 },
    });
    const context = contextFor();
    const lists = await Promise.all(repos.map((repo) => listVersions(source('releases', repo), context)));
    expect(lists.map((list) => list.length)).toEqual(repos.map(() => 150));
    expect(github.requests()).toEqual(new Map([['POST /graphql', 7]]));
  });

  it('are asked of REST while GraphQL is down', async () => {
    github.seedUpstream('octo/one', tags(2));
    github.seedUpstream('octo/two', tags(2));
    github.addFault({
      route: 'POST /graphql',
      times: 100,
      when: 'before',
      effect: { kind: 'status', status: 502 },
    });
    const context = contextFor();
    const ask = (repo: string) => listVersions(source('tags', repo), context);
    expect(await Promise.all([ask('octo/one'), ask('octo/two')])).toMatchObject([
      [{}, {}],
      [{}, {}],
    ]);
    github.heal();
    github.clearLog();
    expect(await ask('octo/one')).toHaveLength(2);
    expect(github.requests()).toEqual(new Map([['POST /graphql', 1]]));
  });

  it.each(['graphql', 'secondary'])('are not asked of REST when the %s limit is reached', async (limit) => {
    await using other = await startFakeGithub(limit === 'graphql' ? { limits: { graphql: 0 } } : {});
    other.seedUpstream('octo/tool', tags(2));
    const message = 'You have exceeded a secondary rate limit.';
    const effect = { kind: 'status', status: 403, retryAfter: 4000, message } as const;
    if (limit === 'secondary') other.addFault({ route: 'POST /graphql', effect });
    await expect(listVersions(source('tags', 'octo/tool'), contextFor({ at: other }))).rejects.toMatchObject({
      message: expect.stringMatching(/GitHub’s .*limit .*is reached until 20/),
      hint: expect.stringContaining('or run again after 20'),
    });
    expect(other.requests()).toEqual(new Map([['POST /graphql', 1]]));
  });

  it('say so when the token is no good', async () => {
    github.seedUpstream('octo/tool', tags(2));
    await expect(
      listVersions(source('tags', 'octo/tool'), contextFor({ token: 'expired' })),
    ).rejects.toMatchObject({ name: 'UserError', hint: expect.stringContaining('GITHUB_TOKEN') });
  });
});

function tags(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `v1.${count - n}.0`);
}

function source(kind: 'releases' | 'tags', repo: string): VersionSource {
  return VersionSource.parse({ from: `github-${kind}`, repo });
}

async function texts(kind: 'releases' | 'tags', repo: string): Promise<string[]> {
  return (await listVersions(source(kind, repo), contextFor())).map(({ text }) => text).toSorted();
}

interface Setting {
  readonly token?: string;
  readonly mirrors?: Mirrors;
  readonly apiUrl?: string;
  readonly at?: FakeGithub;
}

function contextFor({
  token = 'test-token',
  mirrors = [],
  at = github,
  apiUrl = at.apiUrl,
}: Setting = {}): ListContext {
  const config = githubConfig({
    GITHUB_API_URL: apiUrl,
    GITHUB_GRAPHQL_URL: at.graphqlUrl,
    GITHUB_TOKEN: token,
  });
  const ports = { http: upstreamHttp(mirrors), exec: spawnExec({}), report: silentReport };
  const client = githubClient(config, { report: silentReport, secondMs: 5 });
  const githubNames = listNames(client, {
    mirrors,
    sleep: () => new Promise((done) => setTimeout(done, 20)),
  });
  return { ports, archTokens: {}, githubApi: apiUrl, githubNames };
}
