import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { githubContract } from './contract.ts';
import { startFakeGithub, type FakeGithub } from './fake-github.ts';
import { octokitFor } from './octokit-for-tests.ts';

const bakery = { owner: 'baker', repo: 'bakery' };

let fake: FakeGithub;

beforeEach(async () => {
  fake = await startFakeGithub();
  fake.addRepo('baker/bakery');
});

afterEach(async () => {
  await fake[Symbol.asyncDispose]();
});

function post(path: string, body: unknown): Promise<Response> {
  return fetch(`${fake.apiUrl}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { authorization: 'Bearer test-token' },
  });
}

describe('a request that GitHub’s description does not know', () => {
  it.each([
    ['a wrong type', { tag_name: 1 }, 'body/tag_name: must be string'],
    ['an unlisted value', { tag_name: 'a', make_latest: 'no' }, 'body/make_latest: must be equal to one of'],
    ['a missing field', {}, "body: must have required property 'tag_name'"],
    ['an unknown field', { tag_name: 'a', tag: 'a' }, 'body field tag is not in the description'],
  ])('is answered 500 for %s', async (_, body, message) => {
    const answer = await post('/repos/baker/bakery/releases', body);
    expect(answer.status).toBe(500);
    expect(await answer.text()).toContain(message);
    expect(fake.violations()).toEqual([expect.stringContaining(message)]);
    expect(fake.releases('baker/bakery')).toEqual([]);
  });

  it.each([
    ['/repos/baker/bakery/releases?per_page=many', 'parameter per_page: must be integer'],
    ['/repos/baker/bakery/releases?perPage=3', 'query parameter perPage is not in the description'],
    ['/repos/baker/bakery/stargazers', 'the fake has no such route'],
    ['/repos/baker/bakery/releases/tags/%ff', 'the fake has no such route'],
    ['/repos/baker/bakery/releases/v1', 'parameter release_id: must be integer'],
  ])('is answered 500 for %s', async (path, message) => {
    const answer = await fetch(`${fake.apiUrl}${path}`);
    expect(answer.status).toBe(500);
    expect(fake.violations()).toEqual([expect.stringContaining(message)]);
  });
});

describe('an answer', () => {
  it('is held against the description too', async () => {
    const contract = await githubContract(['/repos/{owner}/{repo}/releases']);
    const template = '/repos/{owner}/{repo}/releases';
    const flaws = contract.checkAnswer('GET', template, { status: 200, json: [{ id: 'one' }] });
    expect(flaws).toContain('200 answer/0/id: must be integer');
    expect(flaws).toContain("200 answer/0: must have required property 'assets'");
    expect(contract.checkAnswer('GET', template, { status: 202 })).toEqual([
      'status 202 is not in the description',
    ]);
    expect(contract.checkAnswer('POST', template, { status: 422, json: { errors: [] } })).not.toEqual([]);
  });

  it('is broken by state that no GitHub could have', async () => {
    const release = fake.addRelease('baker/bakery', { tag: 'v1' });
    Object.assign(release, { tag: undefined });
    await expect(octokitFor(fake).repos.listReleases(bakery)).rejects.toThrow('tag_name');
    expect(fake.violations()).toHaveLength(1);
  });
});
