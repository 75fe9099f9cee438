import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FakeGithub } from '@bakery/testbed/fake-github/fake-github.ts';
import { openFakeStore, repository, type FakeStore } from '../../../testing/fake-store.ts';
import { type KeyedBakery, keyedBakery } from '../../../testing/keyed-bakery.ts';
import { sampleRecipe } from '../../../testing/sample-bakery.ts';
import { sampleImages } from '../../../testing/sample-images.ts';
import { sampleSigner } from '../../../testing/sample-signer.ts';
import { readableCatalogue } from '../../catalogue/catalogue.ts';
import { hashOf } from '../../fetch/hashing.ts';
import { catalogueName } from '../../names/catalogue-name.ts';
import { sidecarKinds } from '../../names/file-names.ts';
import { globalTag } from '../../names/manifest-name.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { FeedSigner } from '../../signing/feed-signer.ts';
import type { Sidecar } from '../../signing/sidecar-maker.ts';
import type { Spending } from '../../store/budget.ts';
import { publishedVersions } from '../history/published-versions.ts';
import { updateExtensionMetadata } from '../metadata/metadata.ts';
import { updateMetadata } from '../metadata/update-metadata.ts';
import { publishVersion } from '../publish/publish.ts';
import type { Target } from '../publish/transfer-files.ts';
import { rememberRebuilds } from '../rebuild/remember-rebuilds.ts';
import { affordable } from './affordable.ts';

const names = ['alpha', 'beta'];
const recipeBook: RecipeBook = {
  names,
  folder: () => '/recipes',
  find: async (name) => ({
    recipe: sampleRecipe(name),
    data: undefined,
    folder: '/recipes',
    locate: () => ({ file: 'recipe.yaml', line: 1, column: 1 }),
  }),
};

let keyed: KeyedBakery;
beforeAll(async () => {
  keyed = await keyedBakery();
});
afterAll(async () => {
  await keyed[Symbol.asyncDispose]();
});

interface Feed extends Pick<Target, 'hub' | 'adapters' | 'verity'> {
  readonly isSigned: boolean;
  /** Whether its keys are an extension. */
  readonly withKeys?: boolean;
  /** Whether every version is built again. */
  readonly isRebuilt?: boolean;
}

const feeds: readonly Feed[] = [
  { hub: undefined, isSigned: false },
  { hub: undefined, isSigned: true, isRebuilt: true },
  { hub: undefined, isSigned: true, withKeys: true },
  { hub: 'https://hub.example/', isSigned: false, adapters: ['updatectl', 'updex'] },
];

describe.each(feeds)(
  'the cost of a run, signed: $isSigned, built again: $isRebuilt, its keys an extension: $withKeys, with files for $adapters',
  (feed) => {
    it('is what was estimated, within a tenth, for the first versions, further ones, a new stream and new keys', async () => {
      await using place = await openFakeStore();
      const first = await run(place, ['alpha 1.0.0', 'beta 1.0.0', 'beta 0.9.0'], feed);
      expectClose(first);
      const further = await run(place, ['alpha 1.0.1', 'beta 1.0.1'], feed);
      expectClose(further);
      const stream = await run(place, ['beta 1.1.0'], feed);
      expectClose(stream);
      expect(stream.spent.requests).toBeLessThan(further.spent.requests);
      if (feed.isSigned) {
        expectClose(await run(place, [], feed, signerNumber(2)));
        expectClose(await run(place, ['alpha 1.0.2'], feed, signerNumber(3)));
        expectClose(await run(place, ['alpha 1.0.3'], feed, signerNumber(3)));
      }
      expect(place.fake.violations()).toEqual([]);
    });
  },
);

/** After so many keys. */
function signerNumber(n: number): FeedSigner {
  const sign = (manifest: string): string => `signature ${n} of ${manifest}`;
  return {
    ...sampleSigner,
    ring: new Uint8Array([n]),
    sign: async (manifest) => sign(manifest),
    isOwn: async (manifest, signature) => signature === sign(manifest),
  };
}

function unsigned(): Promise<boolean> {
  return Promise.resolve(false);
}

it('counts the attestation of each version, where there will be some', async () => {
  await using place = await openFakeStore();
  const wanted = ['1.0.0', '1.0.1'].map((version) => ({ name: 'alpha', version, why: 'latest' as const }));
  const costOf = async (isToBeAttested: boolean): Promise<number> => {
    const what = {
      store: place.store(),
      hub: undefined,
      recipeBook,
      tags: new Set<string>(),
      hours: 1,
      extensions: [],
    };
    return (
      (await affordable(wanted, { ...what, isToBeSigned: unsigned, isToBeAttested })).cost?.requests ?? 0
    );
  };
  expect(await costOf(true)).toBeGreaterThanOrEqual((await costOf(false)) + wanted.length);
});

it('is what was estimated when hash trees are wanted of a feed that had none, from then on, and beside its keys', async () => {
  await using place = await openFakeStore();
  const plain: Feed = { hub: undefined, isSigned: true, withKeys: true };
  const proved: Feed = { ...plain, verity: () => Promise.resolve(sampleTrees) };
  await run(place, ['alpha 1.0.0', 'beta 1.0.0', 'beta 0.9.0'], plain);
  const before = await run(place, ['alpha 1.0.1', 'beta 1.0.1'], plain);
  const first = await run(place, ['alpha 1.0.2', 'beta 1.0.2'], proved);
  const further = await run(place, ['alpha 1.0.3', 'beta 1.0.3'], proved);
  for (const costs of [before, first, further]) expectClose(costs);
  expect(first.spent.requests).toBeGreaterThan(further.spent.requests);
  expectClose(await run(place, ['alpha 1.1.0'], proved, signerNumber(2)));
  expectClose(await run(place, [], proved, signerNumber(3)));
  expect(place.fake.violations()).toEqual([]);
});

/** Files of a few bytes: nobody reads them here. */
async function sampleTrees({ path }: { readonly path: string }): Promise<readonly Sidecar[]> {
  const made = sidecarKinds.map(async (kind) => {
    const file = path.replace(/raw$/, kind);
    await writeFile(file, file);
    return { kind, path: file, sha256: hashOf(file) };
  });
  return Promise.all(made);
}

interface Costs {
  readonly estimated: Spending | undefined;
  readonly spent: Spending;
}

/** What the jobs of a run do, each with a store of its own. */
async function run(
  { fake, store }: FakeStore,
  versions: readonly string[],
  { isSigned, withKeys = false, isRebuilt = false, ...feed }: Feed,
  signer = sampleSigner,
): Promise<Costs> {
  const { keys } = await keyed.open();
  const open = () => ({
    ...feed,
    store: store(),
    recipeBook,
    names,
    ...(withKeys ? { keys } : {}),
    ...(isSigned ? { signer: () => Promise.resolve(signer) } : {}),
  });
  const wanted = versions.map((one) => {
    const [name = '', version = ''] = one.split(' ');
    return { name, version, why: 'latest' as const };
  });
  const tags = await store().publishedTags();
  const isToBeSigned = () => Promise.resolve(isSigned);
  const before = await store().hash('SHA256SUMS', 'import-pubring.gpg');
  const isRotated = before !== undefined && before !== hashOf(signer.ring);
  const ring = () => Promise.resolve(isSigned ? signer.ring : undefined);
  const target = { ...open(), isToBeSigned, isToBeRebuilt: isRebuilt, ring };
  const plan = await affordable(wanted, { ...target, tags, hours: 1, extensions: names });
  expect(plan.chosen).toEqual(wanted);

  fake.clearLog();
  for (const [n, { name, version }] of wanted.entries()) {
    const job = open();
    await using folder = await mkdtempDisposable(join(tmpdir(), 'affordable-'));
    const loaded = await recipeBook.find(name);
    await publishedVersions(name, job); // for its notes
    const images = await sampleImages(name, version, ['x86-64', 'arm64'], folder.path);
    expect(await publishVersion(loaded, images, job)).toBe('published');
    const isLast = wanted.findLastIndex((one) => one.name === name) === n;
    if (isLast) expect(await updateExtensionMetadata(name, loaded.recipe, job)).toBe('written');
  }
  expect(await updateMetadata(names, open())).toEqual({
    written: [
      ...(isRotated ? names.filter((name) => wanted.every((one) => one.name !== name)) : []),
      ...(withKeys && (isRotated || !tags.has('bakery-keys')) ? ['bakery-keys'] : []),
      'SHA256SUMS',
    ],
    postponed: [],
    failures: [],
  });
  if (isRebuilt && versions.length > 0) await rebuild(versions, fake, store);
  return { estimated: plan.cost, spent: spentOn(fake) };
}

/** What the catalogue hears once all were built again. */
async function rebuild(
  versions: readonly string[],
  fake: FakeGithub,
  store: FakeStore['store'],
): Promise<void> {
  const catalogue = readableCatalogue(String(await fake.read(repository, globalTag, catalogueName)));
  const judged = (catalogue?.extensions ?? []).flatMap(({ name: extension, versions: all }) =>
    all.flatMap(({ version, images }) =>
      images.map(({ sha256 }) => ({ extension, version, sha256, rebuild: { verdict: 'same', at } })),
    ),
  );
  const ours = judged.filter(({ extension, version }) => versions.includes(`${extension} ${version}`));
  expect(ours).toHaveLength(2 * versions.length);
  expect(await rememberRebuilds(ours, store())).toEqual({ result: 'written', unknown: [] });
}

const at = '2026-03-02T04:00:00Z';

/** Deletions create nothing; an upload counts twice of the hour. */
function spentOn(fake: FakeGithub): Spending {
  const uploads = sum(fake.writes(['uploads']));
  const calls = fake.requests(['api']);
  calls.delete('GET /rate_limit');
  const changes = [...fake.writes(['api'])].filter(([route]) => !route.startsWith('DELETE'));
  return { requests: sum(calls) + 2 * uploads, creations: sum(new Map(changes)) + uploads };
}

function sum(counts: ReadonlyMap<string, number>): number {
  return counts.values().reduce((total, count) => total + count, 0);
}

function expectClose({ estimated, spent }: Costs): void {
  for (const what of ['requests', 'creations'] as const) {
    const off = Math.abs((estimated?.[what] ?? 0) - spent[what]);
    expect({ what, isClose: off <= spent[what] / 10, estimated, spent }).toMatchObject({ isClose: true });
  }
}
