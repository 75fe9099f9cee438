import { writeStatus } from '../src/release/history/status-file.ts';
import { updateGlobalMetadata } from '../src/release/metadata/global-metadata.ts';
import { type MetadataContext, updateExtensionMetadata } from '../src/release/metadata/metadata.ts';
import { removeRetired } from '../src/release/metadata/remove-retired.ts';
import { undoYank, yank } from '../src/release/yank.ts';
import type { Store } from '../src/store/store.ts';
import { sampleSigner } from './sample-signer.ts';
import type { Scenario } from './scenario.ts';

const versions = ['1.0.0', '1.1.0', '2.0.0'];
const seed = {
  releases: versions.map((version) => ({
    tag: `a-${version}`,
    name: `a ${version}`,
    body: 'as published',
    assets: [{ name: `a-${version}-arm64.raw`, text: `image of ${version}` }],
  })),
};
const bad = { name: 'a', version: '1.1.0', recipe: undefined };
const now = Date.UTC(2027, 0, 1);
const rules = new Map([
  ['a', { policy: { keep: 1, 'remove-after': 0 }, needed: new Set<string>(), isSure: true, now }],
]);
const failing = { a: { version: '2.1.0', since: '2027-01-01T00:00:00.000Z', why: 'upstream is gone' } };

/** What people and nights do to a store beside publishing, with a signed feed. */
export const verbScenarios: Readonly<Record<'yank' | 'undo' | 'retire' | 'status', Scenario>> = {
  yank: { seed, prepare: update, run: (store) => yank(bad, 'it eats disks', contextOf(store)) },
  undo: {
    seed,
    async prepare(store) {
      await update(store);
      await yank(bad, 'it eats disks', contextOf(store));
    },
    run: (store) => undoYank(bad, contextOf(store)),
  },
  retire: {
    seed,
    prepare: update,
    async run(store) {
      const context = { ...contextOf(store), retireRules: rules };
      await update(store, context);
      const { failures } = await removeRetired(rules, store);
      for (const { error } of failures) throw error;
      await updateGlobalMetadata(context);
    },
  },
  status: {
    seed,
    prepare: (store) => writeStatus(store, { status: 1, failing }),
    run: (store) => writeStatus(store, { status: 1, failing: {} }),
  },
};

async function update(store: Store, context = contextOf(store)): Promise<void> {
  await updateExtensionMetadata('a', undefined, context);
  await updateGlobalMetadata(context);
}

function contextOf(store: Store): MetadataContext {
  return { store, hub: 'https://hub.example', names: ['a'], signer: () => Promise.resolve(sampleSigner) };
}
