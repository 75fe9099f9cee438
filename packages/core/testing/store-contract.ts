import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Store } from '../src/store/store.ts';
import { parseManifest } from '../src/sysupdate/manifest.ts';
import { contents, indexOf, manifest, metadata, newRelease, sha256, text } from './sample-releases.ts';

/** An empty place for releases; each `store()` is what another run would open. */
export interface EmptyStore extends AsyncDisposable {
  store(): Store;
}

/** Registers the tests every adapter of the Store port passes. */
export function describeStore(name: string, open: () => Promise<EmptyStore>): void {
  describe(`${name}: publish`, () => {
    it('shows a release with its files, sizes and digests', async () => {
      await using place = await open();
      const store = place.store();
      await using release = await newRelease('a-1', { 'a-1-x86-64.raw': 'image', 'a-1+k.conf': 'conf' });
      expect(await store.publish(release)).toBe('published');
      expect(await place.store().publishedTags()).toEqual(new Set(['a-1']));
      const [found, ...others] = await place.store().releases(['a-2', 'a-1']);
      expect(others).toEqual([]);
      expect(found?.tag).toBe('a-1');
      expect(found?.assets.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
        { name: 'a-1+k.conf', size: 4, sha256: sha256('conf') },
        { name: 'a-1-x86-64.raw', size: 5, sha256: sha256('image') },
      ]);
      expect(await place.store().read('a-1', 'a-1+k.conf')).toBe('conf');
    });

    it('hands out a file whole', async () => {
      await using place = await open();
      await using release = await newRelease('a-1', { 'a-1-x86-64.raw': 'image' });
      await place.store().publish(release);
      const [asset] = (await place.store().releases(['a-1']))[0]?.assets ?? [];
      if (asset === undefined) throw new Error('no asset');
      await using folder = await mkdtempDisposable(join(tmpdir(), 'download-'));
      const path = join(folder.path, 'image');
      await place.store().download('a-1', asset, path);
      expect(await readFile(path, 'utf8')).toBe('image');
      const other = { ...asset, sha256: sha256('other') };
      await expect(place.store().download('a-1', other, path)).rejects.toThrow(/a-1-x86-64\.raw: expected/);
    });

    it('says whether a release has one of several files', async () => {
      await using place = await open();
      await using release = await newRelease('a-1', { 'a-1-x86-64.raw': 'image', SHA256SUMS: 'sums' });
      await place.store().publish(release);
      expect(await place.store().hasAny('a-1', ['SHA256SUMS.gpg', 'a-1-x86-64.raw'])).toBe(true);
      expect(await place.store().hasAny('a-1', ['SHA256SUMS.gpg', 'a-2-x86-64.raw'])).toBe(false);
      expect(await place.store().hasAny('a-2', ['SHA256SUMS'])).toBe(false);
    });

    it('answers what is not there with nothing', async () => {
      await using place = await open();
      expect(await place.store().publishedTags()).toEqual(new Set());
      expect(await place.store().releases(['a-1'])).toEqual([]);
      expect(await place.store().releases([])).toEqual([]);
      expect(await place.store().read('a-1', 'SHA256SUMS')).toBeUndefined();
    });

    it('finds tags by how they begin', async () => {
      await using place = await open();
      for (const tag of ['a-1', 'ab-1']) {
        await using release = await newRelease(tag, { [`${tag}.raw`]: 'image' });
        await place.store().publish(release);
      }
      expect(await place.store().publishedTags('a-')).toEqual(new Set(['a-1']));
    });

    it('removes a release for good, and has nothing against one that is not there', async () => {
      await using place = await open();
      await using release = await newRelease('a-1', { 'a-1-x86-64.raw': 'image' });
      const store = place.store();
      await store.publish(release);
      await store.remove('a-1');
      await store.remove('a-1');
      for (const one of [store, place.store()]) {
        expect(await one.publishedTags()).toEqual(new Set());
        expect(await one.releases(['a-1'])).toEqual([]);
      }
      expect(await place.store().publish(release)).toBe('published');
    });

    it('never changes a published version', async () => {
      await using place = await open();
      await using first = await newRelease('a-1', { 'a.raw': 'first' });
      await using second = await newRelease('a-1', { 'a.raw': 'second', 'b.raw': 'more' });
      await place.store().publish(first);
      expect(await place.store().publish(second)).toBe('exists');
      expect(await contents(place.store(), 'a-1')).toEqual({ 'a.raw': 'first' });
    });

    it('lets exactly one of several runs at once publish, and the release is whole', async () => {
      await using place = await open();
      const runs = await Promise.all(
        [0, 1, 2, 3].map((run) => newRelease('a-1', { 'a.raw': `run ${run}`, 'b.raw': `run ${run}` })),
      );
      const results = await Promise.all(runs.map((release) => place.store().publish(release)));
      expect(results.toSorted()).toEqual(['exists', 'exists', 'exists', 'published']);
      const winner = `run ${results.indexOf('published')}`;
      expect(await contents(place.store(), 'a-1')).toEqual({ 'a.raw': winner, 'b.raw': winner });
      await Promise.all(runs.map((run) => run[Symbol.asyncDispose]()));
    });

    it('leaves nothing behind when a file is missing', async () => {
      await using place = await open();
      await using release = await newRelease('a-1', { 'a.raw': 'image' });
      const broken = { ...release, files: [...release.files, { name: 'b.raw', path: '/nowhere/b.raw' }] };
      await expect(place.store().publish(broken)).rejects.toThrow('/nowhere');
      expect(await place.store().publishedTags()).toEqual(new Set());
    });

    it.each(['../a', 'a/b', '.hidden', '', 'a b'])('refuses the tag %j', async (tag) => {
      await using place = await open();
      await expect(place.store().publish({ tag, title: '', notes: '', files: [] })).rejects.toThrow(
        'plain file name',
      );
    });
  });

  describe(`${name}: replace`, () => {
    it('takes over an asset of another release, writes texts, and says when nothing changed', async () => {
      await using place = await open();
      await using release = await newRelease('a-1', { 'a-1-arm64.raw': 'image' });
      await place.store().publish(release);
      const asset = (await place.store().releases(['a-1']))[0]?.assets[0];
      if (asset === undefined) throw new Error('no asset');
      const plan = indexOf(
        manifest('x'),
        { name: asset.name, from: { tag: 'a-1', asset } },
        { name: 'a.conf', text: 'conf' },
      );
      expect(await place.store().replace('a', plan)).toBe('written');
      expect(await place.store().replace('a', plan)).toBe('unchanged');
      const whole = { SHA256SUMS: manifest('x').text, 'a-1-arm64.raw': 'image', 'a.conf': 'conf' };
      expect(await contents(place.store(), 'a')).toEqual(whole);
      expect(await place.store().publishedTags()).toEqual(new Set(['a', 'a-1']));
    });

    it('writes what differs and removes what the plan no longer names', async () => {
      await using place = await open();
      await place.store().replace('a', indexOf(text('a-v1.conf', '1'), manifest('old')));
      const plan = indexOf(text('a-v2.conf', '2'), manifest('new'));
      expect(await place.store().replace('a', plan)).toBe('written');
      expect(await contents(place.store(), 'a')).toEqual({
        SHA256SUMS: manifest('new').text,
        'a-v2.conf': '2',
      });
    });

    it('leaves everything alone when there is no plan', async () => {
      await using place = await open();
      await place.store().replace('a', indexOf(manifest('x')));
      expect(await place.store().replace('a', () => Promise.resolve(undefined))).toBe('unchanged');
      expect(await contents(place.store(), 'a')).toEqual({ SHA256SUMS: manifest('x').text });
    });

    it('asks again for the plan when the store changes, so that runs at once lose nothing', async () => {
      await using place = await open();
      const all = ['a.raw', 'b.raw', 'c.raw', 'd.raw'];
      const add = (line: string) => {
        const store = place.store();
        return store.replace('a', async () => {
          const before = await store.read('a', 'SHA256SUMS');
          const names = before === undefined ? [] : parseManifest(before).map((entry) => entry.name);
          return metadata(manifest(...new Set([...names, line])));
        });
      };
      await Promise.all(all.map(add));
      expect(await contents(place.store(), 'a')).toEqual({ SHA256SUMS: manifest(...all).text });
    });
  });
}
