import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { sampleBakery, sampleRecipe } from '../../testing/sample-bakery.ts';
import { parseCatalogue } from '../catalogue/catalogue.ts';
import type { Catalogue } from '../catalogue/schema.ts';
import { hashFile } from '../fetch/hash-file.ts';
import { catalogueName } from '../names/catalogue-name.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { yank } from '../release/yank.ts';
import { directoryStore } from '../store/directory.ts';
import { folderSource } from './folder-source.ts';
import { mirrorBakery } from './mirror.ts';

const theirs = 'https://hub.example/extensions';
const ours = 'http://10.0.0.1/sysext';

async function mirror(
  from: string,
  root: string,
  wishes: { readonly hub?: string; readonly extensions?: readonly string[] } = {},
): Promise<Catalogue> {
  const store = directoryStore(root, 'http://127.0.0.1:8080');
  const request = { extensions: [], prune: false, hub: undefined, known: [], ...wishes };
  const world = { exec: spawnExec({}), tmpdir: tmpdir(), sleep: async () => {}, report: silentReport };
  const context = { source: folderSource(from), store, root, ...world };
  expect((await mirrorBakery(request, context)).failures).toEqual([]);
  return parseCatalogue(await readFile(join(root, catalogueName), 'utf8'), root);
}

it('names what the copy has, at the hub it is served under', async () => {
  await using bakery = await sampleBakery(theirs);
  for (const version of ['1.0.0', '1.1.0']) await bakery.publish('k3s', version);
  await bakery.publish('docker', '1.0.0');
  await bakery.index();
  await using folder = await mkdtempDisposable(join(tmpdir(), 'mirror-'));
  const { hub, extensions } = await mirror(bakery.root, folder.path, {
    hub: `${ours}/`,
    extensions: ['k3s'],
  });
  expect(hub).toBe(`${ours}/`);
  expect(extensions.map(({ name }) => name)).toEqual(['k3s']);
  expect(extensions[0]?.transfer.url).toBe(`${ours}/k3s/k3s.transfer`);
  const images = extensions.flatMap(({ versions }) => versions.flatMap((version) => version.images));
  expect(images).toHaveLength(4);
  for (const { url, sha256 } of images)
    expect(await hashFile(join(folder.path, url.slice(ours.length)))).toBe(sha256);
  expect((await mirror(bakery.root, folder.path)).extensions.map(({ name }) => name)).toEqual([
    'docker',
    'k3s',
  ]);
});

it('keeps what a copy has of a version that was taken back since, and a new copy only hears of it', async () => {
  await using bakery = await sampleBakery(theirs);
  for (const version of ['1.0.0', '1.1.0']) await bakery.publish('k3s', version);
  await bakery.index();
  await using old = await mkdtempDisposable(join(tmpdir(), 'mirror-'));
  await mirror(bakery.root, old.path);
  const context = { store: bakery.store, hub: theirs, names: ['k3s'] };
  await yank({ name: 'k3s', version: '1.1.0', recipe: sampleRecipe('k3s') }, 'it eats disks', context);
  await using fresh = await mkdtempDisposable(join(tmpdir(), 'mirror-'));
  for (const { root, images } of [
    { root: old.path, images: 2 },
    { root: fresh.path, images: 0 },
  ]) {
    const [k3s] = (await mirror(bakery.root, root)).extensions;
    expect(k3s?.newest).toBe('1.0.0');
    expect(k3s?.versions[0]).toMatchObject({ version: '1.1.0', state: 'yanked', why: 'it eats disks' });
    expect(k3s?.versions[0]?.images).toHaveLength(images);
  }
});
