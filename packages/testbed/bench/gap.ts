// `pnpm bench gap`: how long a host finds no SHA256SUMS while an index is rewritten 50 times at GitHub’s pace, by asking
// every 20 ms. Ends with 1 when that is longer than 150 ms.
import { setTimeout as sleep } from 'node:timers/promises';
import { githubClient } from '@bakery/core/src/github/client.ts';
import { githubConfig } from '@bakery/core/src/github/config.ts';
import { silentReport } from '@bakery/core/src/ports/report.ts';
import { githubStore } from '@bakery/core/src/store/github.ts';
import { openFakeStore, repository } from '@bakery/core/testing/fake-store.ts';
import { indexOf, text } from '@bakery/core/testing/sample-releases.ts';
import { upstreamHttp } from '../src/upstream.ts';

const rewrites = 50;
const between = 20; // milliseconds
const longest = 150; // milliseconds
const names = ['SHA256SUMS', 'SHA256SUMS.gpg'];

await using place = await openFakeStore({
  releases: [{ tag: 'a', assets: names.map((name) => ({ name, text: 'old' })) }],
});
const { fake } = place;
const env = {
  GITHUB_API_URL: fake.apiUrl,
  GITHUB_GRAPHQL_URL: fake.graphqlUrl,
  GITHUB_SERVER_URL: fake.serverUrl,
};
const config = githubConfig({ ...env, GITHUB_TOKEN: 'test-token' });
const [owner = '', repo = ''] = repository.split('/');
const store = githubStore({
  client: githubClient(config, { report: silentReport }),
  owner,
  repo,
  report: silentReport,
  sleep: (ms) => sleep(ms),
  random: Math.random,
  scratch: '/tmp',
  http: upstreamHttp(),
});

const gaps = new Map<string, readonly number[]>(names.map((name) => [name, []]));
const done = new AbortController();
const looking = names.map(async (name) => {
  const url = `${fake.serverUrl}/${repository}/releases/download/a/${name}`;
  let missingSince: number | undefined;
  while (!done.signal.aborted) {
    const asked = performance.now();
    const { status, body } = await fetch(url);
    await body?.cancel();
    if (status === 404) missingSince ??= asked;
    else if (missingSince !== undefined) {
      gaps.set(name, [...(gaps.get(name) ?? []), performance.now() - missingSince]);
      missingSince = undefined;
    }
    await sleep(between);
  }
});
for (let n = 1; n <= rewrites; n++) {
  const outcome = await store.replace('a', indexOf(...names.map((name) => text(name, `${name} ${n}`))));
  if (outcome !== 'written') throw new Error(`rewrite ${n}: ${JSON.stringify(outcome)}`);
}
done.abort();
await Promise.all(looking);
for (const [name, seen] of gaps) {
  const most = Math.max(0, ...seen);
  process.stdout.write(
    `${name}: missing ${seen.length} times in ${rewrites} rewrites, ${most.toFixed(0)} ms at most\n`,
  );
  if (most > longest) process.exitCode = 1;
}
