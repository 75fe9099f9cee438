import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Octokit } from '@octokit/rest';
import { startFakeGithub, type FakeGithub } from './fake-github.ts';
import { failure, octokitFor } from './octokit-for-tests.ts';

const bakery = { owner: 'baker', repo: 'bakery' };

let fake: FakeGithub;
let octokit: Octokit;

beforeEach(async () => {
  fake = await startFakeGithub();
  fake.addRepo('baker/bakery', {
    tags: ['k3s-v1.9.0', 'k3s-v1.10.0', 'k3sup-v1', 'api/v1.8.0', 'a/tags/k3s-v1'],
    files: { 'README.md': '# Bakery\n', 'recipes/k3s/recipe.yaml': 'recipe: 1\n', 'recipes/noop.md': '' },
    workflows: ['.github/workflows/release.yaml'],
  });
  octokit = octokitFor(fake);
});

afterEach(async () => {
  expect(fake.violations()).toEqual([]);
  await fake[Symbol.asyncDispose]();
});

it('describes itself', async () => {
  const { data } = await octokit.repos.get(bakery);
  expect(data).toMatchObject({ full_name: 'baker/bakery', default_branch: 'main', private: false });
});

describe('refs', () => {
  it('are found by prefix, in order, with slashes encoded or not', async () => {
    const encoded = await octokit.git.listMatchingRefs({ ...bakery, ref: 'tags/k3s-' });
    expect(encoded.data.map(({ ref }) => ref)).toEqual(['refs/tags/k3s-v1.10.0', 'refs/tags/k3s-v1.9.0']);
    const plain = await fetch(`${fake.apiUrl}/repos/baker/bakery/git/matching-refs/tags/api/`);
    expect(await plain.json()).toMatchObject([{ ref: 'refs/tags/api/v1.8.0' }]);
    const none = await octokit.git.listMatchingRefs({ ...bakery, ref: 'tags/nothing' });
    expect(none.data).toEqual([]);
  });

  it('are made once and deleted once', async () => {
    const sha = fake.repo('baker/bakery').branches.get('main') ?? '';
    const make = (): Promise<unknown> => octokit.git.createRef({ ...bakery, ref: 'refs/tags/new', sha });
    await make();
    await expect(failure(make())).resolves.toMatchObject({ status: 422 });
    await octokit.git.deleteRef({ ...bakery, ref: 'tags/new' });
    await expect(failure(octokit.git.deleteRef({ ...bakery, ref: 'tags/new' }))).resolves.toMatchObject({
      status: 422,
    });
    await expect(failure(octokit.git.getRef({ ...bakery, ref: 'tags/new' }))).resolves.toMatchObject({
      status: 404,
    });
  });

  it('are listed as tags, highest first', async () => {
    const { data } = await octokit.repos.listTags({ ...bakery, per_page: 3 });
    expect(data.map(({ name }) => name)).toEqual(['k3sup-v1', 'k3s-v1.10.0', 'k3s-v1.9.0']);
  });
});

describe('contents', () => {
  it('come as base64, raw, a list, or from the raw host', async () => {
    const file = await octokit.repos.getContent({ ...bakery, path: 'README.md' });
    expect(file.data).toMatchObject({ content: `${Buffer.from('# Bakery\n').toString('base64')}\n` });
    const raw = await octokit.repos.getContent({
      ...bakery,
      path: 'README.md',
      mediaType: { format: 'raw' },
    });
    expect(raw.data).toBe('# Bakery\n');
    const folder = await octokit.repos.getContent({ ...bakery, path: 'recipes' });
    expect(folder.data).toMatchObject([
      { type: 'dir', path: 'recipes/k3s' },
      { type: 'file', path: 'recipes/noop.md' },
    ]);
    const direct = await fetch(`${fake.serverUrl}/raw/baker/bakery/main/recipes/k3s/recipe.yaml`);
    expect(await direct.text()).toBe('recipe: 1\n');
    await expect(failure(octokit.repos.getContent({ ...bakery, path: 'gone' }))).resolves.toMatchObject({
      status: 404,
    });
  });
});

it('keeps issues', async () => {
  await octokit.issues.create({ ...bakery, title: 'k3s has no page', labels: ['docs-drift'] });
  await octokit.issues.create({ ...bakery, title: 'another' });
  const { data } = await octokit.issues.listForRepo({ ...bakery, labels: 'docs-drift', state: 'open' });
  expect(data.map(({ title }) => title)).toEqual(['k3s has no page']);
});

it('enables, disables and dispatches workflows', async () => {
  const workflow_id = 'release.yaml';
  await octokit.actions.disableWorkflow({ ...bakery, workflow_id });
  const { data } = await octokit.actions.listRepoWorkflows(bakery);
  expect(data.workflows).toMatchObject([{ state: 'disabled_manually' }]);
  await octokit.actions.enableWorkflow({ ...bakery, workflow_id });
  await octokit.actions.createWorkflowDispatch({ ...bakery, workflow_id, ref: 'main' });
  expect(fake.repo('baker/bakery').workflows).toMatchObject([
    { state: 'active', dispatches: [{ ref: 'main' }] },
  ]);
});

describe('access', () => {
  it('is refused to tokens that are wrong, absent, or may only read', async () => {
    fake.addToken('reader', { contents: 'read' });
    fake.addToken('elsewhere', { contents: 'write', repos: ['baker/other'] });
    await expect(failure(publish('wrong'))).resolves.toMatchObject({ status: 401 });
    await expect(failure(publish(''))).resolves.toMatchObject({ status: 401 });
    await expect(failure(publish('reader'))).resolves.toMatchObject({ status: 403 });
    await expect(failure(publish('elsewhere'))).resolves.toMatchObject({ status: 403 });
    await expect(octokitFor(fake, 'elsewhere').repos.get(bakery)).resolves.toMatchObject({ status: 200 });
  });

  it('hides private repositories', async () => {
    fake.repo('baker/bakery').private = true;
    fake.addToken('nobody', {});
    for (const token of ['', 'nobody']) {
      await expect(failure(octokitFor(fake, token).repos.get(bakery))).resolves.toMatchObject({
        status: 404,
      });
    }
    await expect(octokit.repos.get(bakery)).resolves.toMatchObject({ status: 200 });
  });
});

function publish(token: string): Promise<unknown> {
  return octokitFor(fake, token).repos.createRelease({ ...bakery, tag_name: 'v1' });
}
