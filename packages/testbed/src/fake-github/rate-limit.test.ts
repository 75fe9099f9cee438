import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Octokit } from '@octokit/rest';
import { startFakeGithub, type FakeGithub } from './fake-github.ts';
import { failure, octokitFor } from './octokit-for-tests.ts';
import type { Limits } from './rate-limit.ts';

const bakery = { owner: 'baker', repo: 'bakery' };
const start = Date.parse('2026-11-01T12:00:00Z');

let now: number;
let fake: FakeGithub;
let octokit: Octokit;

beforeEach(() => {
  now = start;
});

afterEach(async () => {
  expect(fake.violations()).toEqual([]);
  await fake[Symbol.asyncDispose]();
});

async function begin(limits: Partial<Limits>): Promise<void> {
  fake = await startFakeGithub({ limits, clock: () => now });
  fake.addRepo('baker/bakery');
  octokit = octokitFor(fake);
}

let tag = 0;
function create(): Promise<unknown> {
  tag += 1;
  return octokit.repos.createRelease({ ...bakery, tag_name: `v${tag}`, draft: true });
}

describe('the primary limit', () => {
  it('is counted down in headers and ends in 403 until the hour is over', async () => {
    await begin({ core: 2 });
    const first = await octokit.repos.get(bakery);
    expect(first.headers).toMatchObject({
      'x-ratelimit-limit': '2',
      'x-ratelimit-remaining': '1',
      'x-ratelimit-used': '1',
      'x-ratelimit-reset': String(start / 1000 + 3600),
      'x-ratelimit-resource': 'core',
    });
    await octokit.repos.get(bakery);
    await expect(failure(octokit.repos.get(bakery))).resolves.toMatchObject({
      status: 403,
      message: expect.stringContaining('API rate limit exceeded'),
    });
    // Free, and kept apart from that of other callers.
    expect((await octokit.rateLimit.get()).data.resources.core).toMatchObject({ remaining: 0, used: 2 });
    await expect(octokitFor(fake, '').repos.get(bakery)).resolves.toMatchObject({ status: 200 });
    now += 3_600_000;
    await expect(octokit.repos.get(bakery)).resolves.toMatchObject({ status: 200 });
  });

  it('is not charged for what has not changed', async () => {
    await begin({});
    const headers = { authorization: 'Bearer test-token' };
    const first = await fetch(`${fake.apiUrl}/repos/baker/bakery`, { headers });
    const etag = first.headers.get('etag') ?? '';
    const second = await fetch(`${fake.apiUrl}/repos/baker/bakery`, {
      headers: { ...headers, 'if-none-match': etag },
    });
    expect([second.status, second.headers.get('x-ratelimit-used')]).toEqual([304, '2']);
    expect((await octokit.rateLimit.get()).data.rate.used).toBe(1);
    const other = await fetch(`${fake.apiUrl}/repos/baker/bakery`, { headers: { 'if-none-match': etag } });
    expect(other.status).toBe(200);
  });
});

describe('the secondary limits', () => {
  it('hold back content by the minute and by the hour', async () => {
    await begin({ contentPerMinute: 2, contentPerHour: 3 });
    await create();
    await create();
    await expect(failure(create())).resolves.toMatchObject({
      status: 403,
      message: expect.stringContaining('secondary rate limit'),
    });
    now += 60_000;
    await create();
    const late = await fetch(`${fake.apiUrl}/repos/baker/bakery/releases`, {
      method: 'POST',
      body: '{"tag_name":"late"}',
      headers: { authorization: 'Bearer test-token' },
    });
    expect([late.status, late.headers.get('retry-after')]).toEqual([403, '3540']);
    now += 3_540_000;
    await create();
  });

  it('count points by the minute, five for a write', async () => {
    await begin({ pointsPerMinute: 7 });
    await create();
    await octokit.repos.get(bakery);
    await octokit.repos.get(bakery);
    await expect(failure(octokit.repos.get(bakery))).resolves.toMatchObject({ status: 403 });
    now += 60_000;
    await octokit.repos.get(bakery);
  });
});
