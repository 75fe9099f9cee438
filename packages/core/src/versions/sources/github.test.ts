import { describe, expect, it } from '@jest/globals';
import { startUpstream, upstreamHttp } from '@bakery/testbed/upstream.ts';
import { silentReport } from '../../ports/report.ts';
import { spawnExec } from '../../ports/spawn.ts';
import type { ListContext } from './listing.ts';
import { listVersions } from './sources.ts';
import { VersionSource } from './sources.ts';

const releases = VersionSource.parse({ from: 'github-releases', repo: 'k3s-io/k3s' });
const tags = VersionSource.parse({ from: 'github-tags', repo: 'acassen/keepalived' });
const releasesPath = '/repos/k3s-io/k3s/releases';

describe('github-releases', () => {
  it('reads all pages, 100 a page, and leaves out drafts', async () => {
    const pages = [
      [release('v1.34.2+k3s1'), release('v1.35.0-rc1+k3s1', { prerelease: true })],
      [release('v1.34.1+k3s1'), release('v1.36.0+k3s1', { draft: true })],
      [release('v1.33.1+k3s1')],
    ];
    await using github = await startUpstream({
      [releasesPath]: ({ query }) => {
        const page = Number(query.get('page') ?? 1);
        const next = `<${github.url}${releasesPath}?per_page=100&page=${page + 1}>; rel="next"`;
        const last = `<${github.url}${releasesPath}?per_page=100&page=3>; rel="last"`;
        const link =
          page < pages.length ? { link: `${next}, ${last}` } : { link: last.replace('last"', 'first"') };
        return { headers: link, body: JSON.stringify(pages[page - 1]) };
      },
    });
    expect(await listVersions(releases, contextFor(github.url))).toEqual([
      { text: 'v1.34.2+k3s1', prerelease: false },
      { text: 'v1.35.0-rc1+k3s1', prerelease: true },
      { text: 'v1.34.1+k3s1', prerelease: false },
      { text: 'v1.33.1+k3s1', prerelease: false },
    ]);
    expect(github.requests.map(({ query }) => query.get('per_page'))).toEqual(['100', '100', '100']);
  });

  it('says which repository does not exist', async () => {
    await using github = await startUpstream({});
    await expect(listVersions(releases, contextFor(github.url))).rejects.toThrow(
      `${github.url}${releasesPath}?per_page=100: expected the releases of the repository k3s-io/k3s, got 404: it does not exist or is private`,
    );
  });

  it('speaks of the rate limit when GitHub refuses', async () => {
    await using github = await startUpstream({
      [releasesPath]: {
        status: 403,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '99999999999' },
        body: '{"message":"API rate limit exceeded"}',
      },
    });
    await expect(listVersions(releases, contextFor(github.url))).rejects.toMatchObject({
      message: expect.stringContaining('GitHub does not list the releases of k3s-io/k3s'),
      hint: expect.stringMatching(/limit|goes on/),
    });
  });

  it.each([
    ['<html>maintenance</html>', 'as JSON, got "<html>maintenance</html>"'],
    ['[{"draft":false,"prerelease":false}]', 'at 0.tag_name:'],
    ['{"message":"no"}', 'expected array'],
  ])('says what is odd about %s', async (body, expected) => {
    await using github = await startUpstream({ [releasesPath]: body });
    await expect(listVersions(releases, contextFor(github.url))).rejects.toThrow(expected);
  });

  it('gives up on a list that never ends', async () => {
    await using github = await startUpstream({
      [releasesPath]: { headers: { link: `<${releasesPath}?page=2>; rel="next"` }, body: '[]' },
    });
    await expect(listVersions(releases, contextFor(github.url))).rejects.toThrow(
      'expected at most 200 pages',
    );
    expect(github.requests).toHaveLength(200);
  });

  it.each(['k3s', 'a/b/c', '../x', 'a/..', 'a b/c'])('takes no repository %s', (repo) => {
    expect(VersionSource.safeParse({ from: 'github-releases', repo }).success).toBe(false);
  });
});

describe('github-tags', () => {
  it('lists names', async () => {
    await using github = await startUpstream({
      '/repos/acassen/keepalived/tags?per_page=100': JSON.stringify([
        { name: 'v2.4.3' },
        { name: 'v0.4.9a' },
      ]),
    });
    expect(await listVersions(tags, contextFor(github.url))).toEqual([
      { text: 'v2.4.3', prerelease: false },
      { text: 'v0.4.9a', prerelease: false },
    ]);
  });
});

function release(tag: string, more: { draft?: boolean; prerelease?: boolean } = {}): unknown {
  return { tag_name: tag, draft: false, prerelease: false, ...more };
}

function contextFor(githubApi: string): ListContext {
  const ports = { http: upstreamHttp(), exec: spawnExec({}), report: silentReport };
  return { ports, archTokens: {}, githubApi };
}
