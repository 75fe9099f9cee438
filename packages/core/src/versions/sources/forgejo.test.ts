import { expect, it } from '@jest/globals';
import { startUpstream, type Upstream, upstreamHttp } from '@bakery/testbed/upstream.ts';
import { silentReport } from '../../ports/report.ts';
import { spawnExec } from '../../ports/spawn.ts';
import type { ListContext } from './listing.ts';
import { kindOfSource, listVersions, VersionSource } from './sources.ts';

const path = '/codeberg.org/api/v1/repos/forgejo/forgejo';
const source = VersionSource.parse({ from: 'forgejo', repo: 'forgejo/forgejo' });

it('reads all pages of releases, and leaves out drafts', async () => {
  const pages = [
    [
      { tag_name: 'v15.0.0', draft: true, prerelease: false },
      { tag_name: 'v14.0.1', draft: false, prerelease: false },
    ],
    [{ tag_name: 'v14.0.0-rc1', draft: false, prerelease: true }],
  ];
  await using upstream = await startUpstream({
    [`${path}/releases`]: ({ query }) => {
      const page = Number(query.get('page') ?? 1);
      const link = `<https://codeberg.org/api/v1/repos/forgejo/forgejo/releases?limit=50&page=2>; rel="next"`;
      return { headers: page === 1 ? { link } : {}, body: JSON.stringify(pages[page - 1]) };
    },
  });
  expect(await listVersions(source, contextFor(upstream))).toEqual([
    { text: 'v14.0.1', prerelease: false },
    { text: 'v14.0.0-rc1', prerelease: true },
  ]);
});

it('reads tags of another instance', async () => {
  const tags = VersionSource.parse({ from: 'forgejo', host: 'git.example.org', repo: 'a/b', list: 'tags' });
  await using upstream = await startUpstream({
    '/git.example.org/api/v1/repos/a/b/tags': {
      body: JSON.stringify([{ name: '1.2.3' }, { name: '1.2.2' }]),
    },
  });
  const listed = await listVersions(tags, contextFor(upstream));
  expect(listed.map(({ text }) => text)).toEqual(['1.2.3', '1.2.2']);
  expect(kindOfSource(tags).words(tags)).toBe(
    'tags of [a/b](https://git.example.org/a/b) on git.example.org',
  );
});

it('says which project does not exist', async () => {
  await using upstream = await startUpstream({});
  await expect(listVersions(source, contextFor(upstream))).rejects.toThrow(
    'expected the releases of forgejo/forgejo on codeberg.org, got 404',
  );
});

it.each([{ repo: '-x/y' }, { repo: 'a/..' }, { repo: 'a' }, { host: 'a/b' }, { list: 'branches' }])(
  'refuses %j',
  (part) => {
    expect(() => VersionSource.parse({ from: 'forgejo', repo: 'a/b', ...part })).toThrow('expected');
  },
);

function contextFor(upstream: Upstream): ListContext {
  const ports = {
    http: upstreamHttp([{ prefix: 'https://', target: `${upstream.url}/` }]),
    exec: spawnExec({}),
    report: silentReport,
  };
  return { ports, archTokens: {} };
}
