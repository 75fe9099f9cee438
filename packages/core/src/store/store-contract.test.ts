import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { openFakeStore } from '../../testing/fake-store.ts';
import { describeStore } from '../../testing/store-contract.ts';
import { directoryStore } from './directory.ts';

describeStore('directory', async () => {
  const folder = await mkdtempDisposable(join(tmpdir(), 'store-'));
  return {
    store: () => directoryStore(join(folder.path, 'out'), 'http://127.0.0.1:8080'),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
});

describeStore('github', async () => {
  const place = await openFakeStore();
  return {
    store: () => place.store(),
    async [Symbol.asyncDispose]() {
      expect(place.fake.violations()).toEqual([]);
      const drafts = place.fake.releases('octo/bakery').filter((release) => release.draft);
      expect(drafts.map(({ tag }) => tag)).toEqual([]);
      await place[Symbol.asyncDispose]();
    },
  };
});
