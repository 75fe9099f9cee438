import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { octokitFor } from './octokit-for-tests.ts';

const bakery = { owner: 'baker', repo: 'bakery' };
const Urls = z.object({
  apiUrl: z.string(),
  graphqlUrl: z.string(),
  serverUrl: z.string(),
  uploadsUrl: z.string(),
});

it('serves a seed, keeps its state from run to run and logs each request', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fake-github-main-'));
  const [seed, state, log] = ['seed.json', 'state', 'log.jsonl'].map((name) => join(folder.path, name));
  await writeFile(
    seed ?? '',
    JSON.stringify({ repos: { 'baker/bakery': {} }, tokens: { 'test-token': { contents: 'write' } } }),
  );
  const args = ['--seed', seed ?? '', '--state', state ?? '', '--log', log ?? ''];

  const first = await start(args);
  const octokit = octokitFor(first.urls);
  const { data } = await octokit.repos.createRelease({ ...bakery, tag_name: 'v1', draft: true });
  await octokit.repos.uploadReleaseAsset({
    ...bakery,
    release_id: data.id,
    url: data.upload_url,
    name: 'a',
    data: 'kept',
  });
  await octokit.repos.updateRelease({ ...bakery, release_id: data.id, draft: false });
  expect(await stop(first.child)).toBe(0);

  const second = await start(args);
  const download = await fetch(`${second.urls.serverUrl}/baker/bakery/releases/download/v1/a`);
  expect(await download.text()).toBe('kept');
  expect(await stop(second.child)).toBe(0);

  const lines = (await readFile(log ?? '', 'utf8')).trim().split('\n');
  const Line = z.object({ route: z.string(), status: z.number() });
  expect(lines.map((line) => Line.parse(JSON.parse(line)).status)).toEqual([201, 201, 200, 302, 200]);
});

it('makes a bakery of real size and keeps the limits it is given', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fake-github-main-'));
  const seed = join(folder.path, 'seed.json');
  await writeFile(
    seed,
    JSON.stringify({
      bakery: { repo: 'baker/bakery', releasesEach: 2, upstreams: ['a/b'] },
      limits: { core: 7 },
    }),
  );
  const { child, urls } = await start(['--seed', seed]);
  const octokit = octokitFor(urls);
  const { headers, data } = await octokit.repos.getLatestRelease(bakery);
  expect([data.tag_name, headers['x-ratelimit-remaining']]).toEqual(['SHA256SUMS', '6']);
  expect((await octokit.repos.listReleases({ owner: 'a', repo: 'b' })).data).toHaveLength(2);
  expect(await stop(child)).toBe(0);
});

async function start(
  args: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly urls: z.infer<typeof Urls> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, urls: Urls.parse(JSON.parse(line)) };
  }
  throw new Error('the server ended without a word');
}

async function stop(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const [code] = await ended;
  return code;
}
