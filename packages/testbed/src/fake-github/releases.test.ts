import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Octokit } from '@octokit/rest';
import { startFakeGithub, type FakeGithub } from './fake-github.ts';
import { failure, octokitFor } from './octokit-for-tests.ts';

const bakery = { owner: 'baker', repo: 'bakery' };
const now = Date.parse('2026-11-01T12:00:00Z');

let fake: FakeGithub;
let octokit: Octokit;

beforeEach(async () => {
  fake = await startFakeGithub({ clock: () => now });
  fake.addRepo('baker/bakery');
  octokit = octokitFor(fake);
});

afterEach(async () => {
  expect(fake.violations()).toEqual([]);
  await fake[Symbol.asyncDispose]();
});

describe('drafts', () => {
  it('are found by id and in lists of who can push, never by tag', async () => {
    const { data: draft } = await octokit.repos.createRelease({ ...bakery, tag_name: 'k3s-v1', draft: true });
    expect(draft).toMatchObject({ draft: true, published_at: null, tarball_url: null });
    expect(draft.html_url).toContain('/releases/tag/untagged-');
    const { data: byId } = await octokit.repos.getRelease({ ...bakery, release_id: draft.id });
    expect(byId.tag_name).toBe('k3s-v1');
    const byTag = failure(octokit.repos.getReleaseByTag({ ...bakery, tag: 'k3s-v1' }));
    await expect(byTag).resolves.toMatchObject({ status: 404 });
    expect((await octokit.repos.listReleases(bakery)).data).toHaveLength(1);
    expect((await octokitFor(fake, '').repos.listReleases(bakery)).data).toEqual([]);
  });

  it('may share a tag, of which only one can be published', async () => {
    const one = await octokit.repos.createRelease({ ...bakery, tag_name: 'k3s-v1', draft: true });
    const two = await octokit.repos.createRelease({ ...bakery, tag_name: 'k3s-v1', draft: true });
    await octokit.repos.updateRelease({ ...bakery, release_id: one.data.id, draft: false });
    const second = failure(octokit.repos.updateRelease({ ...bakery, release_id: two.data.id, draft: false }));
    await expect(second).resolves.toMatchObject({
      status: 422,
      message: expect.stringContaining('already_exists'),
    });
    const third = failure(octokit.repos.createRelease({ ...bakery, tag_name: 'k3s-v1' }));
    await expect(third).resolves.toMatchObject({ status: 422 });
  });
});

describe('publishing', () => {
  it('makes a lightweight tag at the target and dates the release by its commit', async () => {
    const sha = fake.addCommit('baker/bakery');
    fake.repo('baker/bakery').commits.set(sha, Date.parse('2020-01-02T03:04:05Z'));
    const draft = await octokit.repos.createRelease({ ...bakery, tag_name: 'k3s-v1+k3s1', draft: true });
    expect(fake.repo('baker/bakery').tags.size).toBe(0);
    const { data } = await octokit.repos.updateRelease({
      ...bakery,
      release_id: draft.data.id,
      draft: false,
      make_latest: 'false',
    });
    expect(data).toMatchObject({ created_at: '2020-01-02T03:04:05Z', published_at: '2026-11-01T12:00:00Z' });
    const ref = await octokit.git.getRef({ ...bakery, ref: 'tags/k3s-v1+k3s1' });
    expect(ref.data.object.sha).toBe(sha);
  });

  it('refuses a target that is neither branch nor commit', async () => {
    const create = octokit.repos.createRelease({ ...bakery, tag_name: 'a', target_commitish: 'nowhere' });
    await expect(failure(create)).resolves.toMatchObject({
      status: 422,
      message: expect.stringContaining('target_commitish'),
    });
  });

  it.each(['a b', 'a~1', 'a^', 'a..b', '.a', 'a.lock', 'a/', 'a:b', 'a?'])(
    'refuses the tag %j',
    async (tag_name) => {
      const create = octokit.repos.createRelease({ ...bakery, tag_name, draft: true });
      await expect(failure(create)).resolves.toMatchObject({ status: 422 });
    },
  );
});

describe('the latest release', () => {
  it('is the one published last unless make_latest says otherwise', async () => {
    const latest = async (): Promise<string> => (await octokit.repos.getLatestRelease(bakery)).data.tag_name;
    await octokit.repos.createRelease({ ...bakery, tag_name: 'one' });
    expect(await latest()).toBe('one');
    await octokit.repos.createRelease({ ...bakery, tag_name: 'two', make_latest: 'false' });
    expect(await latest()).toBe('one');
    const three = await octokit.repos.createRelease({
      ...bakery,
      tag_name: 'three',
      draft: true,
      make_latest: 'false',
    });
    expect(await latest()).toBe('one');
    // What was said at creation is forgotten by the time of publishing.
    await octokit.repos.updateRelease({ ...bakery, release_id: three.data.id, draft: false });
    expect(await latest()).toBe('three');
    await octokit.repos.deleteRelease({ ...bakery, release_id: three.data.id });
    expect(await latest()).toBe('two');
  });
});

describe('lists', () => {
  it('come in pages with a Link header', async () => {
    for (let number = 1; number <= 5; number += 1) {
      fake.addRelease('baker/bakery', { tag: `v${number}` });
    }
    const second = await octokit.repos.listReleases({ ...bakery, per_page: 2, page: 2 });
    expect(second.data.map((release) => release.tag_name)).toEqual(['v3', 'v2']);
    expect(second.headers.link).toMatch(/page=1>; rel="prev".*page=3>; rel="next".*page=3>; rel="last"/);
    const all = await octokit.paginate(octokit.repos.listReleases, { ...bakery, per_page: 2 });
    expect(all.map((release) => release.tag_name)).toEqual(['v5', 'v4', 'v3', 'v2', 'v1']);
  });

  it('end with a 422 after 1,000 results, while refs go on', async () => {
    for (let number = 1; number <= 1001; number += 1) {
      fake.addRelease('baker/bakery', { tag: `v${number}` });
    }
    const last = await octokit.repos.listReleases({ ...bakery, per_page: 100, page: 10 });
    expect(last.data).toHaveLength(100);
    expect(last.headers.link).toContain('rel="next"');
    const beyond = failure(octokit.paginate(octokit.repos.listReleases, { ...bakery, per_page: 100 }));
    await expect(beyond).resolves.toMatchObject({
      status: 422,
      message: expect.stringContaining('Only the first 1000 results are available.'),
    });
    const refs = await octokit.git.listMatchingRefs({ ...bakery, ref: 'tags/v' });
    expect(refs.data).toHaveLength(1001);
  });
});

describe('immutable releases', () => {
  beforeEach(() => {
    fake.repo('baker/bakery').immutableReleases = true;
  });

  it('keep their assets and burn their tag when deleted', async () => {
    const { data } = await octokit.repos.createRelease({ ...bakery, tag_name: 'v1' });
    expect(data.immutable).toBe(true);
    const upload = octokit.repos.uploadReleaseAsset({
      ...bakery,
      release_id: data.id,
      name: 'a',
      data: 'a',
      url: data.upload_url,
    });
    await expect(failure(upload)).resolves.toMatchObject({
      status: 422,
      message: expect.stringContaining('Cannot upload assets to an immutable release.'),
    });
    await octokit.repos.updateRelease({ ...bakery, release_id: data.id, body: 'notes stay editable' });
    await expect(failure(octokit.git.deleteRef({ ...bakery, ref: 'tags/v1' }))).resolves.toMatchObject({
      status: 422,
    });
    await octokit.repos.deleteRelease({ ...bakery, release_id: data.id });
    const again = failure(octokit.repos.createRelease({ ...bakery, tag_name: 'v1' }));
    await expect(again).resolves.toMatchObject({
      status: 422,
      message: expect.stringContaining('tag_name was used by an immutable release'),
    });
  });

  it('are a setting that only an administrator may look at', async () => {
    const look = (token: string): Promise<unknown> =>
      octokitFor(fake, token).repos.checkImmutableReleases(bakery);
    await expect(failure(look('test-token'))).resolves.toMatchObject({ status: 403 });
    fake.addToken('admin', { administration: 'read' });
    await expect(look('admin')).resolves.toMatchObject({ data: { enabled: true } });
    fake.repo('baker/bakery').immutableReleases = false;
    await expect(failure(look('admin'))).resolves.toMatchObject({ status: 404 });
  });
});
