import { describe, expect, it } from '@jest/globals';
import { openFakeStore, repository } from '../../../testing/fake-store.ts';
import { publishSample, sampleBakery } from '../../../testing/sample-bakery.ts';
import { parseCatalogue } from '../../catalogue/catalogue.ts';
import type { Judged } from '../../catalogue/rebuilds.ts';
import type { CatalogueImage, CatalogueVersion } from '../../catalogue/schema.ts';
import { catalogueName } from '../../names/catalogue-name.ts';
import { globalTag } from '../../names/manifest-name.ts';
import type { Store } from '../../store/store.ts';
import { updateGlobalMetadata } from '../metadata/global-metadata.ts';
import { updateExtensionMetadata } from '../metadata/metadata.ts';
import { rememberRebuilds } from './remember-rebuilds.ts';

const hub = 'https://hub.example/extensions/';
const url = 'https://ci.example/runs/7';

const places = [
  [
    'a folder',
    async () => {
      const bakery = await sampleBakery(hub);
      return { store: () => bakery.store, [Symbol.asyncDispose]: () => bakery[Symbol.asyncDispose]() };
    },
  ],
  ['a repository', () => openFakeStore()],
] as const;

describe.each(places)('the catalogue of %s', (_, open) => {
  it('says what came of building images again, and keeps it', async () => {
    await using place = await open();
    await publish(place.store(), '1.0.0');
    const [x86 = none, arm64 = none] = (await versions(place.store()))[0]?.images ?? [];
    const before = await read(place.store());
    const half = [judged(x86, 'same', '2026-03-02T04:00:00Z')];
    expect(await rememberRebuilds(half, place.store())).toEqual({ result: 'written', unknown: [] });
    expect((await versions(place.store()))[0]?.rebuild).toBeUndefined();
    const all = [...half, judged(arm64, 'explained', '2026-03-02T05:00:00Z')];
    expect(await rememberRebuilds(all, place.store())).toMatchObject({ result: 'written' });
    expect(await rememberRebuilds(half, place.store())).toMatchObject({ result: 'unchanged' });
    await publish(place.store(), '1.0.1');
    const [, version] = await versions(place.store());
    expect(version?.rebuild).toEqual({ verdict: 'passed', at: '2026-03-02T05:00:00Z', url });
    expect(version?.images.map(({ rebuild }) => rebuild)).toEqual(all.map(({ rebuild }) => rebuild));
    const { rebuild: _rebuild, ...others } = version ?? {};
    const images = version?.images.map(({ rebuild: _one, ...image }) => image);
    expect({ ...others, images }).toEqual(parseCatalogue(before, '').extensions[0]?.versions[0]);
  });

  it('has the verdicts of two runs at once, and what a third one publishes meanwhile', async () => {
    await using place = await open();
    await publish(place.store(), '1.0.0');
    const images = (await versions(place.store()))[0]?.images ?? [];
    await publishSample(place.store(), 'k3s', '1.0.1');
    const runs = images.map((image) =>
      rememberRebuilds([judged(image, 'same', '2026-03-02T04:00:00Z')], place.store()),
    );
    await Promise.all([...runs, index(place.store())]);
    const [newest, version] = await versions(place.store());
    expect(newest?.version).toBe('1.0.1');
    expect(version?.rebuild?.verdict).toBe('passed');
  });

  it('stays as it is where no reader would take it with what it is told', async () => {
    await using place = await open();
    await publish(place.store(), '1.0.0');
    const [image = none] = (await versions(place.store()))[0]?.images ?? [];
    const before = await read(place.store());
    const one = judged(image, 'same', '2026-03-02T04:00:00Z');
    const book = { ...one, rebuild: { ...one.rebuild, machine: 'm'.repeat(65 * 1024 ** 2) } };
    await expect(rememberRebuilds([book], place.store())).rejects.toMatchObject({
      code: 'catalogue.too-large',
    });
    expect(await read(place.store())).toBe(before);
  });

  it('stays as it is where it does not name the image', async () => {
    await using place = await open();
    const nothing = [judged(none, 'same', '2026-03-02T04:00:00Z')];
    expect(await rememberRebuilds(nothing, place.store())).toEqual({ result: 'unchanged', unknown: nothing });
    await publish(place.store(), '1.0.0');
    expect(await rememberRebuilds(nothing, place.store())).toEqual({ result: 'unchanged', unknown: nothing });
  });
});

it('tells of a version what is bad of one image, and forgets it once that came out alike', async () => {
  await using bakery = await sampleBakery(hub);
  await publish(bakery.store, '1.0.0');
  const [x86 = none, arm64 = none] = (await versions(bakery.store))[0]?.images ?? [];
  const verdict = async (...all: readonly Judged[]): Promise<unknown> => {
    await rememberRebuilds(all, bakery.store);
    return (await versions(bakery.store))[0]?.rebuild;
  };
  const same = judged(arm64, 'same', '2026-03-03T04:00:00Z');
  const bad = { verdict: 'failed', at: '2026-03-02T04:00:00Z', url };
  expect(await verdict(same, judged(x86, 'different', bad.at))).toEqual(bad);
  expect(await verdict(judged(x86, 'same', '2026-03-01T04:00:00Z'))).toEqual(bad);
  expect(await verdict(judged(x86, 'same', '2026-03-02T05:00:00Z'))).toEqual({
    verdict: 'passed',
    at: '2026-03-03T04:00:00Z',
    url,
  });
});

it('reads and writes of a repository as little as it takes', async () => {
  await using place = await openFakeStore();
  await publish(place.store(), '1.0.0');
  const images = (await versions(place.store()))[0]?.images ?? [];
  const files = (): unknown =>
    place.fake
      .releases(repository)
      .map(({ tag, assets }) => [
        tag,
        assets.filter(({ name }) => name !== catalogueName).map(({ id, name }) => [id, name]),
      ]);
  const before = files();
  place.fake.clearLog();
  await rememberRebuilds(
    images.map((image) => judged(image, 'same', '2026-03-02T04:00:00Z')),
    place.store(),
  );
  expect([...place.fake.writes().values()].reduce((all, count) => all + count, 0)).toBe(4);
  expect(files()).toEqual(before);
  expect(place.fake.violations()).toEqual([]);
});

const none: CatalogueImage = {
  arch: 'x86-64',
  file: 'none.raw',
  url: `${hub}none.raw`,
  sha256: '0'.repeat(64),
};

function judged({ sha256 }: CatalogueImage, verdict: string, at: string): Judged {
  const rebuild = { verdict, at, machine: 'ubuntu 24.04 x86_64', url };
  return { extension: 'k3s', version: '1.0.0', sha256, rebuild };
}

async function publish(store: Store, version: string): Promise<void> {
  await publishSample(store, 'k3s', version);
  await index(store);
}

async function index(store: Store): Promise<void> {
  const context = { store, hub, names: ['k3s'] };
  await updateExtensionMetadata('k3s', undefined, context);
  await updateGlobalMetadata(context);
}

async function read(store: Store): Promise<string> {
  return (await store.read(globalTag, catalogueName)) ?? '';
}

async function versions(store: Store): Promise<readonly CatalogueVersion[]> {
  return parseCatalogue(await read(store), 'the store').extensions[0]?.versions ?? [];
}
