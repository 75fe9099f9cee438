import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { storedName } from './asset-name.ts';
import { startFakeGithub, type FakeGithub } from './fake-github.ts';
import { failure, octokitFor } from './octokit-for-tests.ts';

const bakery = { owner: 'baker', repo: 'bakery' };

let fake: FakeGithub;
let octokit: Octokit;
let release: { id: number; upload_url: string };

beforeEach(async () => {
  fake = await startFakeGithub({ sizes: { asset: 1000, assetsPerRelease: 3 } });
  fake.addRepo('baker/bakery');
  octokit = octokitFor(fake);
  const { data } = await octokit.repos.createRelease({ ...bakery, tag_name: 'v1', draft: true });
  release = data;
});

afterEach(async () => {
  expect(fake.violations()).toEqual([]);
  await fake[Symbol.asyncDispose]();
});

function upload(name: string, data: string): ReturnType<Octokit['repos']['uploadReleaseAsset']> {
  return octokit.repos.uploadReleaseAsset({
    ...bakery,
    release_id: release.id,
    name,
    data,
    url: release.upload_url,
  });
}

describe('an upload', () => {
  it('is kept byte for byte with its digest', async () => {
    const { data } = await upload('k3s-v1.2.3+k3s1-x86-64.raw', 'image');
    expect(data).toMatchObject({
      name: 'k3s-v1.2.3+k3s1-x86-64.raw',
      state: 'uploaded',
      size: 5,
      label: null,
      digest: `sha256:${createHash('sha256').update('image').digest('hex')}`,
    });
    const bytes = await fake.read('baker/bakery', 'v1', 'k3s-v1.2.3+k3s1-x86-64.raw');
    expect(bytes.toString()).toBe('image');
  });

  it('loses a plus sign that is not encoded', async () => {
    const url = release.upload_url.replace(/\{.*$/, '?name=a+b');
    await fetch(url, { method: 'POST', body: 'x', headers: { authorization: 'Bearer test-token' } });
    expect(fake.releases('baker/bakery')[0]?.assets[0]?.name).toBe('a.b');
  });

  it('is refused under a name that is there', async () => {
    await upload('SHA256SUMS', 'one');
    await expect(failure(upload('SHA256SUMS', 'two'))).resolves.toMatchObject({
      status: 422,
      message: expect.stringContaining('{"resource":"ReleaseAsset","code":"already_exists","field":"name"}'),
    });
  });

  it('is refused when empty, too large or one too many', async () => {
    await expect(failure(upload('a', ''))).resolves.toMatchObject({
      status: 422,
      message: expect.stringContaining('size must be greater than or equal to 1'),
    });
    await expect(failure(upload('a', 'x'.repeat(1001)))).resolves.toMatchObject({ status: 422 });
    await upload('a', 'a');
    await upload('b', 'b');
    await upload('c', 'c');
    await expect(failure(upload('d', 'd'))).resolves.toMatchObject({
      status: 422,
      message: expect.stringContaining('file_count limited to 3 assets per release'),
    });
  });

  it('wins alone when two come at once', async () => {
    const both = await Promise.allSettled([upload('a', 'one'), upload('a', 'two')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(fake.releases('baker/bakery')[0]?.assets).toHaveLength(1);
  });

  it('is not found when somebody deletes its starter meanwhile', async () => {
    fake.onRequest(({ moment }) => {
      if (moment === 'during') {
        fake.releases('baker/bakery')[0]?.assets.pop();
      }
    });
    await expect(failure(upload('a', 'one'))).resolves.toMatchObject({ status: 404 });
  });

  it('leaves a starter when the client goes away in the middle', async () => {
    const url = release.upload_url.replace(/\{.*$/, '?name=half');
    const controller = new AbortController();
    const body = new ReadableStream({
      start: (stream) => stream.enqueue(new TextEncoder().encode('half of it')),
    });
    fake.onRequest(({ moment }) => {
      if (moment === 'during') {
        controller.abort();
      }
    });
    const sent = fetch(url, {
      method: 'POST',
      body,
      duplex: 'half',
      signal: controller.signal,
      headers: { authorization: 'Bearer test-token', 'content-length': '100' },
    });
    await expect(sent).rejects.toThrow('aborted');
    const { data } = await octokit.repos.listReleaseAssets({ ...bakery, release_id: release.id });
    expect(data).toMatchObject([{ name: 'half', state: 'starter', digest: null, size: 0 }]);
    await expect(failure(upload('half', 'again'))).resolves.toMatchObject({ status: 422 });
  });
});

describe('an asset', () => {
  it('can be renamed, but not onto another', async () => {
    const { data } = await upload('SHA256SUMS.new', 'new');
    await upload('SHA256SUMS', 'old');
    const rename = octokit.repos.updateReleaseAsset({ ...bakery, asset_id: data.id, name: 'SHA256SUMS' });
    await expect(failure(rename)).resolves.toMatchObject({ status: 422 });
    const renamed = await octokit.repos.updateReleaseAsset({ ...bakery, asset_id: data.id, name: 'b c' });
    expect(renamed.data.name).toBe('b.c');
  });

  it('can be deleted', async () => {
    const { data } = await upload('a', 'a');
    await octokit.repos.deleteReleaseAsset({ ...bakery, asset_id: data.id });
    await expect(
      failure(octokit.repos.getReleaseAsset({ ...bakery, asset_id: data.id })),
    ).resolves.toMatchObject({ status: 404 });
  });

  it('is read through a redirect, whole or in part', async () => {
    const { data } = await upload('a+b.raw', '0123456789');
    const viaApi = await octokit.repos.getReleaseAsset({
      ...bakery,
      asset_id: data.id,
      headers: { accept: 'application/octet-stream' },
    });
    expect(new TextDecoder().decode(z.instanceof(ArrayBuffer).parse(viaApi.data))).toBe('0123456789');
    const url = `${fake.serverUrl}/baker/bakery/releases/download/v1/a%2Bb.raw`;
    expect((await fetch(url)).status).toBe(404);
    await octokit.repos.updateRelease({ ...bakery, release_id: release.id, draft: false });
    const first = await fetch(url, { redirect: 'manual' });
    expect(first.status).toBe(302);
    const part = await fetch(url, { headers: { range: 'bytes=2-4' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 2-4/10',
      '234',
    ]);
    expect(await (await fetch(url, { headers: { range: 'bytes=-3' } })).text()).toBe('789');
    expect((await fetch(url, { headers: { range: 'bytes=10-' } })).status).toBe(416);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '10']);
    const latest = await fetch(`${fake.serverUrl}/baker/bakery/releases/latest/download/a+b.raw`);
    expect(await latest.text()).toBe('0123456789');
  });
});

it.each([
  ['k3s-v1.2.3+k3s1.raw', 'k3s-v1.2.3+k3s1.raw'],
  ['a b', 'a.b'],
  ['1.2.3~rc1^x:y', '1.2.3.rc1.x.y'],
  ['.hidden', 'default.hidden'],
  ['a@b_c', 'a@b_c'],
])('stores the name %j as %j', (name, stored) => {
  expect(storedName(name)).toBe(stored);
});
