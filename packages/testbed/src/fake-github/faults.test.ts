import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Octokit } from '@octokit/rest';
import { startFakeGithub, type FakeGithub } from './fake-github.ts';
import type { Fault } from './faults.ts';
import { failure, octokitFor } from './octokit-for-tests.ts';

const bakery = { owner: 'baker', repo: 'bakery' };
const createRoute = 'POST /repos/{owner}/{repo}/releases';
const uploadRoute = 'POST /repos/{owner}/{repo}/releases/{release_id}/assets';
const byTagRoute = 'GET /repos/{owner}/{repo}/releases/tags/{tag}';

let fake: FakeGithub;
let octokit: Octokit;

beforeEach(async () => {
  fake = await startFakeGithub();
  fake.addRepo('baker/bakery');
  octokit = octokitFor(fake);
});

afterEach(async () => {
  expect(fake.violations()).toEqual([]);
  await fake[Symbol.asyncDispose]();
});

function create(tag_name: string): Promise<unknown> {
  return octokit.repos.createRelease({ ...bakery, tag_name });
}

function tags(): readonly string[] {
  return fake.releases('baker/bakery').map(({ tag }) => tag);
}

describe('a fault', () => {
  it.each<[string, Fault, number, readonly string[]]>([
    ['before', { route: createRoute, effect: { kind: 'status', status: 502 } }, 502, []],
    ['after', { route: createRoute, when: 'after', effect: { kind: 'status', status: 503 } }, 503, ['v1']],
    ['before', { route: '*', effect: { kind: 'reset' } }, 500, []],
    ['after', { route: '*', when: 'after', effect: { kind: 'reset' } }, 500, ['v1']],
  ])('%s the effect is %j', async (_, fault, status, published) => {
    fake.addFault(fault);
    // Octokit calls a lost connection a 500.
    await expect(failure(create('v1'))).resolves.toMatchObject({ status });
    expect(tags()).toEqual(published);
    await create('v2');
    expect(tags()).toEqual([...published, 'v2']);
  });

  it('hits the requests it is set for', async () => {
    fake.addFault({ route: createRoute, skip: 1, times: 2, effect: { kind: 'status', status: 500 } });
    await create('v1');
    await expect(failure(create('v2'))).resolves.toMatchObject({ status: 500 });
    await expect(failure(create('v3'))).resolves.toMatchObject({ status: 500 });
    await create('v4');
    expect(tags()).toEqual(['v1', 'v4']);
  });

  it.each([403, 429])('can be a %i with Retry-After', async (status) => {
    fake.addFault({ route: '*', effect: { kind: 'status', status, retryAfter: 7 } });
    const answer = await fetch(`${fake.apiUrl}/rate_limit`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, '7']);
  });

  it('can be slow', async () => {
    fake.addFault({ route: '*', effect: { kind: 'slow', milliseconds: 60 } });
    const start = performance.now();
    await create('v1');
    expect(performance.now() - start).toBeGreaterThan(50);
  });
});

it('refuses a fault on a route that does not exist', () => {
  const fault: Fault = { route: 'GET /nowhere', effect: { kind: 'reset' } };
  expect(() => fake.addFault(fault)).toThrow('no route GET /nowhere');
  expect(() => fake.lagBehind('GET /nowhere', 1)).toThrow('no route GET /nowhere');
});

describe('an upload that fails', () => {
  it.each<[Fault['when'], Fault['effect'], string]>([
    ['during', { kind: 'reset' }, 'starter'],
    ['during', { kind: 'status', status: 502 }, 'starter'],
    ['after', { kind: 'reset' }, 'uploaded'],
  ])('%s by %j leaves an asset that is %s', async (when, effect, state) => {
    const { data } = await octokit.repos.createRelease({ ...bakery, tag_name: 'v1', draft: true });
    const upload = (): Promise<unknown> =>
      octokit.repos.uploadReleaseAsset({
        ...bakery,
        release_id: data.id,
        url: data.upload_url,
        name: 'a.raw',
        data: 'x'.repeat(1_000_000),
      });
    fake.addFault({ route: uploadRoute, when: when ?? 'before', effect });
    await failure(upload());
    const assets = await octokit.repos.listReleaseAssets({ ...bakery, release_id: data.id });
    expect(assets.data).toMatchObject([{ name: 'a.raw', state }]);
    await expect(failure(upload())).resolves.toMatchObject({ status: 422 });
  });
});

describe('a lagging read', () => {
  it('sees what was published some requests later', async () => {
    fake.lagBehind(byTagRoute, 2);
    await create('v1');
    const byTag = (): Promise<unknown> => octokit.repos.getReleaseByTag({ ...bakery, tag: 'v1' });
    await expect(failure(byTag())).resolves.toMatchObject({ status: 404 });
    expect((await octokit.repos.listReleases(bakery)).data).toHaveLength(1);
    await expect(byTag()).resolves.toMatchObject({ status: 200 });
  });
});

describe('an observer', () => {
  it('sees each request before and after, and can drop it at either', async () => {
    const seen: string[] = [];
    fake.onRequest(({ request, moment }) => {
      seen.push(`${request.n} ${moment} ${request.route}`);
      return request.n === 2 && moment === 'before' ? 'drop' : undefined;
    });
    await create('v1');
    await failure(create('v2'));
    expect(tags()).toEqual(['v1']);
    expect(seen).toEqual([`1 before ${createRoute}`, `1 after ${createRoute}`, `2 before ${createRoute}`]);
    fake.onRequest(({ moment }) => (moment === 'after' ? 'drop' : undefined));
    await failure(create('v3'));
    expect(tags()).toEqual(['v1', 'v3']);
  });
});

describe('the log', () => {
  it('counts by route, reads apart from writes', async () => {
    await create('v1');
    await octokit.repos.listReleases(bakery);
    await octokit.repos.listReleases(bakery);
    await fetch(`${fake.serverUrl}/baker/bakery/releases/download/v1/none`);
    expect(fake.writes()).toEqual(new Map([[createRoute, 1]]));
    expect(fake.reads(['api'])).toEqual(new Map([['GET /repos/{owner}/{repo}/releases', 2]]));
    expect(fake.requests().size).toBe(3);
    fake.clearLog();
    expect(fake.requests().size).toBe(0);
  });
});
