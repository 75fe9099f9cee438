import { tmpdir } from 'node:os';
import { expect, it } from '@jest/globals';
import { type Route, startUpstream, upstreamHttp } from '@bakery/testbed/upstream.ts';
import { feedFiles, fieldFeeds } from '../../testing/field-feeds.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { checkHub } from './check-hub.ts';

const feeds = fieldFeeds('x86-64').map((feed) => [feed.what, feed] as const);

it.each(feeds)('%s: no error, and the versions there are', async (_what, feed) => {
  const routes: Record<string, Route> = {};
  await using server = await startUpstream(routes);
  for (const [file, bytes] of feedFiles(feed, `${server.url}/tool/`)) routes[`/tool/${file}`] = bytes;
  routes['/SHA256SUMS'] = routes['/tool/SHA256SUMS'] ?? '';
  const { extensions, complaints } = await checkHub(
    { url: server.url, extensions: ['tool'], deep: true, systemd: false, known: [], today: '2026-11-23' },
    {
      http: upstreamHttp(),
      exec: spawnExec({}),
      report: silentReport,
      tmpdir: tmpdir(),
      sleep: async () => {},
    },
  );
  expect(complaints.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(new Set(complaints.map(({ code }) => code.replace('hub.', '')))).toEqual(new Set(feed.warnings));
  expect(extensions[0]?.versions).toEqual(expect.arrayContaining([...feed.offered]));
});
