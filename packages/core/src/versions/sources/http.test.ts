import { describe, expect, it } from '@jest/globals';
import { startUpstream, upstreamHttp } from '@bakery/testbed/upstream.ts';
import type { Upstream } from '@bakery/testbed/upstream.ts';
import { silentReport } from '../../ports/report.ts';
import { spawnExec } from '../../ports/spawn.ts';
import type { ListContext, Listed } from './listing.ts';
import { VersionSource } from './sources.ts';
import { listVersions } from './sources.ts';

describe('http', () => {
  it('takes every match of a regex, and the whole match where there is no group', async () => {
    await using upstream = await startUpstream({ '/': 'a 1.2 b 1.3 c 1.2' });
    expect(await texts(upstream, { url: 'https://up/', regex: '[0-9.]+' })).toEqual(['1.2', '1.3']);
  });

  it('keeps YAML’s 1.30 as text', async () => {
    await using upstream = await startUpstream({ '/': 'releases:\n  - 1.30\n  - 1.3\n' });
    expect(await texts(upstream, { url: 'https://up/', parse: 'yaml', path: 'releases' })).toEqual([
      '1.30',
      '1.3',
    ]);
  });

  it('follows a cursor to the page that has none', async () => {
    await using upstream = await startUpstream({
      '/l?limit=2': '{"names":["3","2"],"next":7}',
      '/l?limit=2&after=7': '{"names":["1"],"next":null}',
    });
    const listing = {
      url: 'https://up/l?limit=2',
      parse: 'json',
      path: 'names',
      next: { query: 'after', path: 'next' },
    };
    expect(await texts(upstream, listing)).toEqual(['3', '2', '1']);
  });

  it('goes on without a branch that has no document, and says so', async () => {
    await using upstream = await startUpstream({ '/': 'href="3.0/" href="3.1/"', '/3.0': '3.0.1' });
    const warnings: string[] = [];
    const listing = {
      url: 'https://up/{branch}',
      regex: '3\\.\\d+\\.\\d+',
      branches: { url: 'https://up/', regex: 'href="([0-9.]+)/"' },
    };
    expect(await texts(upstream, listing, warnings)).toEqual(['3.0.1']);
    expect(warnings).toEqual([
      'https://up/3.1: expected the versions of a branch, got 404; going on without it',
    ]);
  });

  it.each<[string, string, object, string]>([
    [
      'no match',
      '<p>moved</p>',
      { regex: 'v(\\d)' },
      'https://up/: expected a match of v(\\d), got none in 12',
    ],
    ['no JSON', '<p>', { parse: 'json', path: '@' }, 'https://up/: expected JSON: '],
    ['no YAML', 'a: [', { parse: 'yaml', path: '@' }, 'https://up/: expected YAML: '],
    ['no list', '{"a":"1"}', { parse: 'json', path: 'a' }, 'https://up/: expected a list at a, got "1"'],
    [
      'nothing at the path',
      '{}',
      { parse: 'json', path: 'a' },
      'https://up/: expected a list at a, got null',
    ],
    ['numbers', '[1.30]', { parse: 'json', path: '@' }, 'https://up/: expected texts at @, got 1.3'],
    [
      'an empty list',
      '[]',
      { parse: 'json', path: '@' },
      'https://up/: expected at least one name by @, got none',
    ],
    [
      'a misfit',
      '"x"',
      { parse: 'json', path: 'keys(@)' },
      'https://up/: expected a document that fits the path',
    ],
    [
      'an odd cursor',
      '{"n":["1"],"c":{}}',
      { parse: 'json', path: 'n', next: { query: 'c', path: 'c' } },
      'https://up/: expected a text or number at c, got {}',
    ],
    [
      'a cursor that stays',
      '{"n":["1"],"c":"x"}',
      { parse: 'json', path: 'n', next: { query: 'c', path: 'c' } },
      'https://up/?c=x: expected a new cursor on each page, got "x" again',
    ],
  ])(
    'names the address, what was expected and what was found: %s',
    async (_what, body, listing, expected) => {
      await using upstream = await startUpstream({ '/': body });
      await expect(texts(upstream, { url: 'https://up/', ...listing })).rejects.toThrow(expected);
    },
  );

  it('refuses to cut short a listing that goes on and on', async () => {
    let page = 0;
    await using upstream = await startUpstream({ '/': () => JSON.stringify({ n: ['1'], c: (page += 1) }) });
    const listing = { url: 'https://up/', parse: 'json', path: 'n', next: { query: 'c', path: 'c' } };
    await expect(texts(upstream, listing)).rejects.toThrow(
      'https://up/: expected at most 100 pages, got more',
    );
  });

  it('names an address that is not there', async () => {
    await using upstream = await startUpstream({});
    await expect(texts(upstream, { url: 'https://up/x', regex: 'a' })).rejects.toThrow(
      'https://up/x: expected a list of versions, got 404',
    );
  });

  it('refuses a document that is too large', async () => {
    await using upstream = await startUpstream({ '/': Buffer.alloc(65 * 1024 * 1024, '1 ') });
    await expect(texts(upstream, { url: 'https://up/', regex: '1' })).rejects.toThrow(
      'https://up/: expected at most 67108864 bytes, got more',
    );
  });

  it.each<[string, object]>([
    ['neither regex nor parse', { url: 'https://up/' }],
    ['both', { url: 'https://up/', regex: 'a', parse: 'json', path: '@' }],
    ['parse without path', { url: 'https://up/', parse: 'json' }],
    ['next without parse', { url: 'https://up/', regex: 'a', next: { query: 'a', path: 'b' } }],
    ['a broken path', { url: 'https://up/', parse: 'json', path: 'a[' }],
    ['{branch} without branches', { url: 'https://up/{branch}', regex: 'a' }],
    [
      'branches without {branch}',
      { url: 'https://up/', regex: 'a', branches: { url: 'https://up/', regex: 'b' } },
    ],
  ])('is no source with %s', (_what, listing) => {
    expect(VersionSource.safeParse({ from: 'http', ...listing }).success).toBe(false);
  });
});

async function texts(upstream: Upstream, listing: object, warnings: string[] = []): Promise<string[]> {
  const listed: Listed[] = await listVersions(
    VersionSource.parse({ from: 'http', ...listing }),
    contextFor(upstream, warnings),
  );
  return listed.map(({ text }) => text);
}

function contextFor(upstream: Upstream, warnings: string[]): ListContext {
  const report = { ...silentReport, warn: (line: string) => void warnings.push(line) };
  const http = upstreamHttp([{ prefix: 'https://up/', target: `${upstream.url}/` }]);
  return { ports: { http, exec: spawnExec({}), report }, archTokens: {} };
}
