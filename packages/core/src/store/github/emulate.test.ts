import { expect, it } from '@jest/globals';
import { createEmulator } from 'emulate';
import { z } from 'zod';
import { storeAt } from '../../../testing/hurried-store.ts';
import { newRelease } from '../../../testing/sample-releases.ts';

// A GitHub nobody here wrote. It has no GraphQL, keeps no bytes and computes no digests, so it can only be
// published to.
it('publishes to the emulator once, and whole', async () => {
  const emulator = await createEmulator({
    service: 'github',
    port: 0,
    seed: {
      tokens: { 'test-token': { login: 'octo', scopes: ['repo'] } },
      github: { users: [{ login: 'octo' }], repos: [{ owner: 'octo', name: 'bakery' }] },
    },
  });
  try {
    const { url } = emulator;
    const at = { apiUrl: url, graphqlUrl: `${url}/graphql`, serverUrl: url };
    const store = () => storeAt(at, 'test-token', 'bakery');
    await using release = await newRelease('a-1', { 'a-1-arm64.raw': 'image', 'a+b.conf': 'conf' });
    expect(await store().publish(release)).toBe('published');
    expect(await store().publish(release)).toBe('exists');
    expect(await listed(url)).toEqual([
      {
        tag_name: 'a-1',
        draft: false,
        assets: [
          { name: 'a-1-arm64.raw', size: 5, state: 'uploaded' },
          { name: 'a+b.conf', size: 4, state: 'uploaded' },
        ],
      },
    ]);
  } finally {
    await emulator.close();
  }
});

const Asset = z.object({ name: z.string(), size: z.number(), state: z.string() });
const Releases = z.array(z.object({ tag_name: z.string(), draft: z.boolean(), assets: z.array(Asset) }));

async function listed(url: string): Promise<unknown> {
  const headers = { authorization: 'Bearer test-token' };
  const response = await fetch(`${url}/repos/octo/bakery/releases`, { headers });
  return Releases.parse(await response.json());
}
