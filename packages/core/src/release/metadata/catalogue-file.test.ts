import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openFakeStore } from '../../../testing/fake-store.ts';
import { publishSample, sampleBakery, sampleRecipe } from '../../../testing/sample-bakery.ts';
import { formatCatalogue, parseCatalogue } from '../../catalogue/catalogue.ts';
import type { Catalogue } from '../../catalogue/schema.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import { catalogueName } from '../../names/catalogue-name.ts';
import { globalTag, manifestName } from '../../names/manifest-name.ts';
import { silentReport } from '../../ports/report.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { Recipe } from '../../recipe/schema.ts';
import type { Store } from '../../store/store.ts';
import type { Life } from '../../versions/ends-of-life.ts';
import { undoYank, yank } from '../yank.ts';
import { updateGlobalMetadata } from './global-metadata.ts';
import { updateExtensionMetadata } from './metadata.ts';
import { updateMetadata } from './update-metadata.ts';

const hub = 'https://hub.example/extensions/';
const MiB = 1024 ** 2; // bytes

function bookOf(...recipes: readonly Recipe[]): RecipeBook {
  const find = (name: string) => recipes.find((recipe) => recipe.name === name);
  return {
    names: recipes.map(({ name }) => name),
    folder: (name) => (find(name) === undefined ? undefined : `/nowhere/${name}`),
    find: async (name) => {
      const recipe = find(name);
      if (recipe === undefined) throw new UserError('recipe.invalid', `${name} is broken`);
      return { recipe, data: recipe, folder: `/nowhere/${name}`, locate };
    },
  };
}

function locate() {
  return { file: 'recipe.yaml', line: 1, column: 1 };
}

async function read(store: Store): Promise<Catalogue> {
  return parseCatalogue((await store.read(globalTag, catalogueName)) ?? '', 'the store');
}

async function update(store: Store, book: RecipeBook, at: string | undefined = hub): Promise<void> {
  const { failures } = await updateMetadata(book.names, { store, hub: at, recipeBook: book });
  expect(failures).toEqual([]);
}

describe('the catalogue of a folder', () => {
  it('says what is published, and what the recipe says', async () => {
    await using bakery = await sampleBakery(hub);
    await bakery.publish('k3s', 'v1.33.5+k3s1');
    await bakery.publish('k3s', 'v1.34.1+k3s1');
    const recipe = {
      ...sampleRecipe('k3s'),
      units: [{ name: 'k3s.service', start: 'choice' as const, when: '>=1.34' }],
      conflicts: [{ name: 'rke2', why: 'both own the kubelet' }],
    };
    await update(bakery.store, bookOf(recipe));
    const catalogue = await read(bakery.store);
    const [k3s] = catalogue.extensions;
    expect(catalogue).toMatchObject({ catalogue: 1, hub, keys: [] });
    expect(k3s).toMatchObject({
      name: 'k3s',
      summary: 'k3s',
      license: 'MIT',
      units: [{ name: 'k3s.service', start: 'choice', when: '>=1.34' }],
      conflicts: [{ name: 'rke2', why: 'both own the kubelet' }],
      arches: ['x86-64', 'arm64'],
      newest: 'v1.34.1+k3s1',
      transfer: { file: 'k3s.transfer', url: `${hub}k3s/k3s.transfer` },
      streams: [
        { label: 'v1.33', newest: 'v1.33.5+k3s1', transfer: { url: `${hub}k3s/k3s-v1.33.transfer` } },
        { label: 'v1.34', newest: 'v1.34.1+k3s1' },
      ],
    });
    expect(k3s?.versions.map(({ version, state, listed }) => [version, state, listed])).toEqual([
      ['v1.34.1+k3s1', 'ok', true],
      ['v1.33.5+k3s1', 'ok', true],
    ]);
    const [newest] = k3s?.versions ?? [];
    const tag = 'k3s-v1.34.1+k3s1';
    expect(newest?.images[1]).toMatchObject({
      arch: 'arm64',
      file: `${tag}-arm64.raw`,
      url: `${hub}${tag}/${tag}-arm64.raw`,
      unpackedSize: 3 * (newest?.images[1]?.size ?? 0),
    });
    expect(newest?.record).toEqual({ file: `${tag}.inputs.json`, url: `${hub}${tag}/${tag}.inputs.json` });
    expect(newest?.test).toEqual({ verdict: 'passed' });
    const published = await stat(join(bakery.root, tag, manifestName));
    expect(newest?.date).toBe(new Date(published.mtimeMs).toISOString().replace(/\.\d+Z/, 'Z'));
    const sums = (await bakery.store.read(globalTag, manifestName)) ?? '';
    for (const { images } of k3s?.versions ?? [])
      for (const { file, sha256 } of images) expect(sums).toContain(`${sha256}  ${file}\n`);
  });

  it('is the same of the same, and is regenerated when it was spoiled', async () => {
    await using bakery = await sampleBakery(hub);
    await bakery.publish('k3s', '1.0.0');
    const book = bookOf(sampleRecipe('k3s'));
    await update(bakery.store, book);
    const first = await bakery.store.read(globalTag, catalogueName);
    const { written } = await updateMetadata(['k3s'], { store: bakery.store, hub, recipeBook: book });
    expect(written).toEqual([]);
    await writeFile(join(bakery.root, catalogueName), '{"catalogue": 1, "hub": 7}');
    await update(bakery.store, book);
    expect(await bakery.store.read(globalTag, catalogueName)).toBe(first);
  });

  it('shows what is taken back, and what is offered again', async () => {
    await using bakery = await sampleBakery(hub);
    await bakery.publish('k3s', '1.0.0');
    await bakery.publish('k3s', '1.0.1');
    const recipe = sampleRecipe('k3s');
    await update(bakery.store, bookOf(recipe));
    const context = { store: bakery.store, hub, names: ['k3s'] };
    await yank({ name: 'k3s', version: '1.0.1', recipe }, 'it eats disks', context);
    const [yanked] = (await read(bakery.store)).extensions;
    expect(yanked).toMatchObject({ newest: '1.0.0', streams: [{ label: 'v1.0', newest: '1.0.0' }] });
    expect(yanked?.versions[0]).toMatchObject({ state: 'yanked', why: 'it eats disks', listed: false });
    expect(yanked?.versions[0]?.images).toHaveLength(2);
    await undoYank({ name: 'k3s', version: '1.0.1', recipe }, context);
    const [again] = (await read(bakery.store)).extensions;
    expect(again?.versions[0]).toMatchObject({ version: '1.0.1', state: 'ok', listed: true });
  });

  it('stops no index: of an extension with damaged files it says what it said before, or nothing', async () => {
    await using bakery = await sampleBakery(hub);
    for (const name of ['k3s', 'rke2', 'vault']) await bakery.publish(name, '1.0.0');
    const book = bookOf(...['k3s', 'rke2', 'vault'].map(sampleRecipe));
    await updateMetadata(['k3s', 'rke2'], { store: bakery.store, hub, recipeBook: book });
    const damaged = ['rke2', 'vault'];
    const yankAll = async (name: string): Promise<void> => {
      const request = { name, version: '1.0.0', recipe: sampleRecipe(name) };
      await yank(request, 'broken', { store: bakery.store, hub, names: [] });
    };
    const before = await read(bakery.store);
    for (const name of damaged) {
      await yankAll(name);
      await writeFile(join(bakery.root, name, `${name}.withdrawn.json`), '{');
    }
    await writeFile(join(bakery.root, catalogueName), formatCatalogue(before));
    const warnings: string[] = [];
    const report = { ...silentReport, warn: (line: string) => void warnings.push(line) };
    await bakery.publish('k3s', '1.0.1');
    const context = { store: bakery.store, hub, recipeBook: book, ports: { report } };
    const { written, failures } = await updateMetadata(['k3s'], context);
    expect({ written, failures }).toEqual({ written: ['k3s', globalTag], failures: [] });
    expect(await bakery.store.read(globalTag, manifestName)).toContain('k3s-1.0.1-arm64.raw');
    const { extensions } = await read(bakery.store);
    expect(extensions.map(({ name, newest }) => [name, newest])).toEqual([
      ['k3s', '1.0.1'],
      ['rke2', '1.0.0'],
    ]);
    expect(extensions[1]?.versions).toMatchObject([{ version: '1.0.0', listed: false }]);
    expect(warnings.toSorted()).toEqual([
      expect.stringMatching(/^rke2: catalogue.json says what it said before: .*rke2.withdrawn.json/),
      expect.stringMatching(/^vault: catalogue.json leaves it out: .*vault.withdrawn.json/),
    ]);
  });

  it('warns before it is larger than readers take, and then stays while the index goes on', async () => {
    await using bakery = await sampleBakery(hub);
    const warnings: string[] = [];
    const report = { ...silentReport, warn: (line: string) => void warnings.push(line) };
    const publish = async (version: string, size: number) => {
      await bakery.publish('k3s', version);
      const book = bookOf({ ...sampleRecipe('k3s'), summary: 'x'.repeat(size) });
      return updateMetadata(['k3s'], { store: bakery.store, hub, recipeBook: book, ports: { report } });
    };
    expect(await publish('1.0.0', 33 * MiB)).toMatchObject({ failures: [] });
    expect(warnings).toEqual([expect.stringMatching(/^catalogue.json has 33.0 MiB, .*64.0 MiB: retention:/)]);
    const before = await bakery.store.hash(globalTag, catalogueName);
    const { written, failures } = await publish('1.0.1', 65 * MiB);
    expect(written).toEqual(['k3s']);
    expect(failures).toMatchObject([{ name: globalTag, error: { code: 'catalogue.too-large' } }]);
    expect(await bakery.store.read(globalTag, manifestName)).toContain('k3s-1.0.1-arm64.raw');
    expect(await bakery.store.hash(globalTag, catalogueName)).toBe(before);
    // As an older bakery would have left it.
    await writeFile(join(bakery.root, catalogueName), 'x'.repeat(65 * MiB));
    expect(await publish('1.0.2', 1)).toMatchObject({ failures: [] });
    expect((await read(bakery.store)).extensions[0]?.newest).toBe('1.0.2');
  });

  it('asks again for a record that could not be read', async () => {
    await using bakery = await sampleBakery(hub);
    await bakery.publish('k3s', '1.0.0');
    const book = bookOf(sampleRecipe('k3s'));
    const withoutRecords: Store['read'] = async (tag, file) =>
      file.endsWith('.inputs.json') ? undefined : bakery.store.read(tag, file);
    await update({ ...bakery.store, read: withoutRecords }, book);
    expect((await read(bakery.store)).extensions[0]?.versions[0]?.images[0]?.format).toBeUndefined();
    await update(bakery.store, book);
    expect((await read(bakery.store)).extensions[0]?.versions[0]?.images[0]?.format).toBe('squashfs');
  });

  it('says what is past its end of life, and keeps that while nobody answers', async () => {
    await using bakery = await sampleBakery(hub);
    for (const version of ['1.0.0', '1.1.0']) await bakery.publish('k3s', version);
    const recipe = { ...sampleRecipe('k3s'), eol: { product: 'k3s', ended: false, lts: false } };
    const told = async (lives: readonly Life[] | undefined, of: Recipe = recipe) => {
      const upstream = { lives: async () => lives };
      await updateMetadata(['k3s'], { store: bakery.store, hub, recipeBook: bookOf(of), upstream });
      const [k3s] = (await read(bakery.store)).extensions;
      return [k3s?.streams.map(({ eol }) => eol), k3s?.versions.map(({ state }) => state)];
    };
    const nothing = [
      [undefined, undefined],
      ['ok', 'ok'],
    ];
    expect(await told(undefined)).toEqual(nothing);
    const ended = [
      ['2026-01-31', undefined],
      ['ok', 'eol'],
    ];
    expect(await told([{ series: '1.0', end: '2026-01-31', hasEnded: true, hasLts: false }])).toEqual(ended);
    expect(await told(undefined)).toEqual(ended);
    expect(await told([{ series: '1.0', end: '2027-01-31', hasEnded: false, hasLts: true }])).toEqual([
      ['2027-01-31', undefined],
      ['ok', 'ok'],
    ]);
    expect(await told([], sampleRecipe('k3s'))).toEqual(nothing);
  });

  it('keeps what a recipe said that is gone or broken', async () => {
    await using bakery = await sampleBakery(hub);
    await bakery.publish('k3s', '1.0.0');
    await update(bakery.store, bookOf(sampleRecipe('k3s')));
    const context = { store: bakery.store, hub, names: ['k3s'] };
    const broken = { ...bookOf(), folder: () => '/nowhere' };
    for (const recipeBook of [undefined, broken]) {
      await updateGlobalMetadata({ ...context, ...(recipeBook && { recipeBook }) });
      expect((await read(bakery.store)).extensions[0]).toMatchObject({
        license: 'MIT',
        streams: [{ label: 'v1.0', newest: '1.0.0' }],
      });
    }
    await updateExtensionMetadata('k3s', undefined, context);
    await updateGlobalMetadata({ ...context, recipeBook: bookOf() });
    expect((await read(bakery.store)).extensions[0]).toMatchObject({ license: 'MIT', streams: [] });
  });
});

describe('the catalogue of a repository', () => {
  const base = 'octo/bakery/releases/download';

  it('is an asset of the index release, and names versions that have no room beside the index too', async () => {
    await using place = await openFakeStore();
    const store = place.store();
    const versions = ['1.0.0', '1.0.1', '1.0.2', '1.0.3', '1.0.4'];
    for (const version of versions) await publishSample(store, 'k3s', version);
    const book = bookOf({ ...sampleRecipe('k3s'), streams: undefined });
    const { failures } = await updateMetadata(['k3s'], { store, hub: undefined, recipeBook: book });
    expect(failures).toEqual([]);
    const catalogue = await read(place.store());
    expect(catalogue.hub).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:\\d+/${base}/$`));
    const [k3s] = catalogue.extensions;
    expect(k3s?.versions.map(({ version, listed }) => [version, listed])).toEqual([
      ['1.0.4', true],
      ['1.0.3', true],
      ['1.0.2', true],
      ['1.0.1', false],
      ['1.0.0', false],
    ]);
    for (const { version, date, notes, images } of k3s?.versions ?? []) {
      expect(notes).toMatch(new RegExp(`/octo/bakery/releases/tag/k3s-${version}$`));
      expect(date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      for (const { url, size } of images) {
        const answer = await fetch(url);
        expect((await answer.bytes()).length).toBe(size);
      }
    }
    expect(place.fake.violations()).toEqual([]);
  });

  it('is asked of GitHub only for versions it does not know', async () => {
    await using place = await openFakeStore();
    const book = bookOf(sampleRecipe('k3s'), sampleRecipe('rke2'));
    for (const name of book.names) await publishSample(place.store(), name, '1.0.0');
    await update(place.store(), book);
    const only = bookOf(sampleRecipe('k3s'));
    await publishSample(place.store(), 'k3s', '1.0.1');
    const asked: string[] = [];
    const store = place.store();
    const releases: Store['releases'] = (tags) => {
      asked.push(...tags);
      return store.releases(tags);
    };
    await update({ ...store, releases }, only);
    expect(
      (await read(place.store())).extensions.map(({ name, versions }) => [name, versions.length]),
    ).toEqual([
      ['k3s', 2],
      ['rke2', 1],
    ]);
    expect(asked).toContain('k3s-1.0.1');
    expect(asked).not.toContain('rke2-1.0.0');
  });
});
