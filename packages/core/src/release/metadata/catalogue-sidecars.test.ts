import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { sampleBakery } from '../../../testing/sample-bakery.ts';
import { newRelease, sha256 } from '../../../testing/sample-releases.ts';
import { formatCatalogue, parseCatalogue } from '../../catalogue/catalogue.ts';
import type { Catalogue } from '../../catalogue/schema.ts';
import { catalogueName } from '../../names/catalogue-name.ts';
import { globalTag } from '../../names/manifest-name.ts';
import type { Store } from '../../store/store.ts';
import { formatManifest } from '../../sysupdate/manifest.ts';
import { updateMetadata } from './update-metadata.ts';

const hub = 'https://hub.example/extensions/';

it('the catalogue names what lies beside images for dm-verity, also of versions that an older bakery wrote of', async () => {
  await using bakery = await sampleBakery(hub);
  await bakery.publish('k3s', '1.0.0');
  const tag = 'k3s-1.0.1';
  const kinds = ['raw', 'verity', 'roothash', 'p7s'] as const;
  const files = kinds.map((kind) => `${tag}-arm64.${kind}`);
  await using release = await newRelease(tag, {
    ...Object.fromEntries(files.map((file) => [file, `all of ${file}`])),
    SHA256SUMS: formatManifest(files.map((name) => ({ name, sha256: sha256(`all of ${name}`) }))),
  });
  await bakery.store.publish(release);
  await update(bakery.store);
  const catalogue = await read(bakery.store);
  const [newest, older] = catalogue.extensions[0]?.versions ?? [];
  const partOf = (kind: (typeof kinds)[number]) => {
    const file = `${tag}-arm64.${kind}`;
    const size = `all of ${file}`.length;
    return { file, url: `${hub}${tag}/${file}`, size, sha256: sha256(`all of ${file}`) };
  };
  const [verity, roothash, p7s] = [partOf('verity'), partOf('roothash'), partOf('p7s')];
  expect(newest?.images).toEqual([{ arch: 'arm64', ...partOf('raw'), verity, roothash, p7s }]);
  expect(older?.images.map(({ verity: tree }) => tree)).toEqual([undefined, undefined]);

  const before = JSON.parse(formatCatalogue(catalogue), (key, value: unknown) =>
    kinds.some((kind) => kind === key) ? undefined : value,
  );
  await writeFile(join(bakery.root, catalogueName), formatCatalogue(before));
  await update(bakery.store);
  expect(await read(bakery.store)).toEqual(catalogue);
  await update(bakery.store, 'https://other.example/');
  expect((await read(bakery.store)).extensions[0]?.versions[0]?.images[0]?.p7s).toEqual({
    ...p7s,
    url: `https://other.example/${tag}/${p7s.file}`,
  });
});

async function update(store: Store, at = hub): Promise<void> {
  const recipeBook = { names: [], folder: () => undefined, find: () => Promise.reject(new Error()) };
  expect(await updateMetadata(['k3s'], { store, hub: at, recipeBook })).toMatchObject({ failures: [] });
}

async function read(store: Store): Promise<Catalogue> {
  return parseCatalogue((await store.read(globalTag, catalogueName)) ?? '', 'the store');
}
