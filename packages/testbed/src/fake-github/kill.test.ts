import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startFakeGithub, type FakeGithub } from './fake-github.ts';
import type { Moment } from './faults.ts';

let fake: FakeGithub;

beforeEach(async () => {
  fake = await startFakeGithub();
  fake.addRepo('baker/bakery');
});

afterEach(async () => {
  expect(fake.violations()).toEqual([]);
  await fake[Symbol.asyncDispose]();
});

/** Makes a draft, uploads one file to it and publishes it, without any care for failures. */
const publisher = `
  const [api, token] = process.argv.slice(1);
  const headers = { authorization: 'Bearer ' + token };
  const draft = await fetch(api + '/repos/baker/bakery/releases', {
    method: 'POST', headers, body: JSON.stringify({ tag_name: 'v1', draft: true }),
  }).then((answer) => answer.json());
  await fetch(draft.upload_url.replace(/{.*/, '?name=a'), { method: 'POST', headers, body: 'x'.repeat(3e6) });
  await fetch(draft.url, { method: 'PATCH', headers, body: JSON.stringify({ draft: false }) });
`;

it.each<[number, Moment, string]>([
  [1, 'before', 'nothing'],
  [1, 'after', 'draft'],
  [2, 'before', 'draft'],
  [2, 'during', 'draft with a starter'],
  [2, 'after', 'draft with a uploaded'],
  [3, 'before', 'draft with a uploaded'],
  [3, 'after', 'release with a uploaded'],
])('a client killed at request %i, %s its effect, leaves %s', async (n, at, left) => {
  const child = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    publisher,
    fake.apiUrl,
    'test-token',
  ]);
  fake.onRequest(async ({ request, moment }) => {
    if (request.n === n && moment === at) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      return 'drop';
    }
    return undefined;
  });
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  expect(remains()).toBe(left);
});

function remains(): string {
  const [release] = fake.releases('baker/bakery');
  if (release === undefined) {
    return 'nothing';
  }
  const [asset] = release.assets;
  return `${release.draft ? 'draft' : 'release'}${asset === undefined ? '' : ` with a ${asset.state}`}`;
}
