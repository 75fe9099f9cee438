import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeedRepo } from '@bakery/testbed/fake-github/seed.ts';
import type { Replaced, Store } from '../src/store/store.ts';
import { manifest, metadata, text } from './sample-releases.ts';

/** A job that is disturbed on purpose; `folder` is its own. */
export interface Scenario {
  readonly seed: SeedRepo;
  /** What was done before, in peace. */
  readonly prepare?: (store: Store) => Promise<unknown>;
  run(store: Store, folder: string): Promise<unknown>;
}

const image = { name: 'a-2-arm64.raw', text: 'image of a-2' };

export const scenarios: Readonly<Record<'publish' | 'replace' | 'firstIndex', Scenario>> = {
  publish: {
    seed: {},
    async run(store, folder) {
      const files = ['a-3-arm64.raw', 'SHA256SUMS'].map((name) => ({ name, path: join(folder, name) }));
      for (const { name, path } of files) await writeFile(path, `content of ${name}`);
      return store.publish({ tag: 'a-3', title: 'a 3', notes: 'notes', files });
    },
  },
  replace: {
    seed: {
      releases: [
        { tag: 'a-2', assets: [image] },
        {
          tag: 'a',
          name: 'a',
          body: 'old notes',
          assets: [
            { name: 'SHA256SUMS', text: 'old' },
            { name: 'SHA256SUMS.gpg', text: 'signature of old' },
            { name: 'a.conf', text: 'old' },
            { name: 'a-1-arm64.raw', text: 'image of a-1' },
            { name: 'mine.txt', text: 'mine' },
          ],
        },
      ],
    },
    run: (store) => replaceIndex(store),
  },
  firstIndex: { seed: { releases: [{ tag: 'a-2', assets: [image] }] }, run: (store) => replaceIndex(store) },
};

async function replaceIndex(store: Store): Promise<Replaced> {
  return store.replace('a', async () => {
    const [release] = await store.releases(['a-2']);
    const asset = release?.assets[0];
    if (asset === undefined) throw new Error('expected a-2 to have an image');
    const from = { tag: 'a-2', asset };
    const sums = manifest(asset.name);
    const signature = text('SHA256SUMS.gpg', `signature of ${sums.text}`);
    return metadata(sums, signature, { name: asset.name, from }, text('a.conf', 'new'));
  });
}
