import { createHash } from 'node:crypto';
import { mkdir, mkdtempDisposable, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { globalTag } from '../names/manifest-name.ts';
import { directoryStore } from './directory.ts';
import type { MetadataRelease, NewRelease, Store } from './store.ts';

interface Bench extends AsyncDisposable {
  readonly root: string;
  readonly store: Store;
  /** A release with these files, made on disk. */
  release(tag: string, files: Readonly<Record<string, string>>): Promise<NewRelease>;
}

async function open(): Promise<Bench> {
  const folder = await mkdtempDisposable(join(tmpdir(), 'store-'));
  const root = join(folder.path, 'out');
  return {
    root,
    store: directoryStore(root, 'http://127.0.0.1:8080'),
    async release(tag, files) {
      const work = join(folder.path, `work-${tag}`);
      await mkdir(work, { recursive: true });
      const made = Object.entries(files).map(async ([name, text]) => {
        await writeFile(join(work, name), text);
        return { name, path: join(work, name) };
      });
      return { tag, title: tag, notes: '', files: await Promise.all(made) };
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function indexOf(...assets: MetadataRelease['assets'][number][]): () => Promise<MetadataRelease> {
  return () => Promise.resolve({ title: 'a', notes: '', newest: false, assets });
}

describe('publish', () => {
  it('shows a release as a folder with its files', async () => {
    await using bench = await open();
    const release = await bench.release('a-1', { 'a-1-arm64.raw': 'image' });
    expect(await bench.store.publish(release)).toBe('published');
    expect(await readFile(join(bench.root, 'a-1', 'a-1-arm64.raw'), 'utf8')).toBe('image');
    expect(await bench.store.publishedTags()).toEqual(new Set(['a-1']));
    const asset = { name: 'a-1-arm64.raw', size: 5, sha256: sha256('image') };
    expect(await bench.store.releases(['a-2', 'a-1'])).toEqual([{ tag: 'a-1', assets: [asset] }]);
  });

  it('shows it to whoever serves it, whatever the umask, and leaves the mode of a folder that was there', async () => {
    await using bench = await open();
    const { root, store } = bench;
    const release = await bench.release('a-1', { 'a-1-arm64.raw': 'image' });
    await mkdir(root, { mode: 0o750 });
    const before = process.umask(0o077);
    try {
      await store.publish(release);
      for (const tag of ['a', globalTag]) await store.replace(tag, indexOf({ name: 'SHA256SUMS', text: '' }));
    } finally {
      process.umask(before);
    }
    const modes = async (...paths: string[]) =>
      Promise.all(paths.map(async (path) => ((await stat(join(root, path))).mode & 0o777).toString(8)));
    expect(await modes('a-1', 'a')).toEqual(['755', '755']);
    expect(await modes('a-1/a-1-arm64.raw', 'a/SHA256SUMS', 'SHA256SUMS')).toEqual(['644', '644', '644']);
    expect(await modes('.')).toEqual(['750']);
  });

  it('never changes a published version', async () => {
    await using bench = await open();
    await bench.store.publish(await bench.release('a-1', { 'a.raw': 'first' }));
    expect(await bench.store.publish(await bench.release('a-1', { 'a.raw': 'second' }))).toBe('exists');
    expect(await bench.store.read('a-1', 'a.raw')).toBe('first');
  });

  it('lets exactly one of two runs at once publish, and the release is whole', async () => {
    await using bench = await open();
    const releases = await Promise.all(
      Array.from({ length: 6 }, async (_, run) => {
        const release = await bench.release(`a-1`, { 'a.raw': 'same', 'b.raw': 'same' });
        return { ...release, title: String(run) };
      }),
    );
    const results = await Promise.all(releases.map((release) => bench.store.publish(release)));
    expect(results.filter((result) => result === 'published')).toHaveLength(1);
    expect(await readdir(join(bench.root, 'a-1'))).toEqual(['a.raw', 'b.raw']);
    expect(await leftovers(bench.root)).toEqual([]);
  });

  it('leaves nothing behind when a file is missing', async () => {
    await using bench = await open();
    const release = await bench.release('a-1', { 'a.raw': 'image' });
    const broken = { ...release, files: [...release.files, { name: 'b.raw', path: '/nowhere' }] };
    await expect(bench.store.publish(broken)).rejects.toThrow('/nowhere');
    expect(await bench.store.publishedTags()).toEqual(new Set());
    expect(await leftovers(bench.root)).toEqual([]);
  });

  it.each(['../a', 'a/b', '.hidden', ''])('refuses the tag %j', async (tag) => {
    await using bench = await open();
    await expect(bench.store.publish({ tag, title: '', notes: '', files: [] })).rejects.toThrow(
      'plain file name',
    );
  });
});

describe('replace', () => {
  it('links images instead of copying them, writes texts, and says when nothing changed', async () => {
    await using bench = await open();
    await bench.store.publish(await bench.release('a-1', { 'a-1-arm64.raw': 'image' }));
    const [release] = await bench.store.releases(['a-1']);
    const asset = release?.assets[0];
    if (asset === undefined) throw new Error('no asset');
    const plan = indexOf(
      { name: 'SHA256SUMS', text: 'x' },
      { name: asset.name, from: { tag: 'a-1', asset } },
      { name: 'a.conf', text: 'conf' },
    );
    expect(await bench.store.replace('a', plan)).toBe('written');
    expect(await bench.store.replace('a', plan)).toBe('unchanged');
    const links = await Promise.all(['a-1', 'a'].map((tag) => stat(join(bench.root, tag, asset.name))));
    expect(links[0]?.ino).toBe(links[1]?.ino);
    expect((await bench.store.publishedTags()).has('a')).toBe(true);
  });

  it('removes what the plan no longer names and leaves strangers alone', async () => {
    await using bench = await open();
    await bench.store.replace(
      'a',
      indexOf({ name: 'a-v1.conf', text: '1' }, { name: 'SHA256SUMS', text: '' }),
    );
    await writeFile(join(bench.root, 'a', 'index.html'), 'mine');
    await bench.store.replace('a', indexOf({ name: 'SHA256SUMS', text: '' }));
    expect(await readdir(join(bench.root, 'a'))).toEqual(['SHA256SUMS', 'index.html']);
  });

  it('keeps the global index in the root', async () => {
    await using bench = await open();
    await bench.store.replace(globalTag, indexOf({ name: 'SHA256SUMS', text: 'all' }));
    expect(await readFile(join(bench.root, 'SHA256SUMS'), 'utf8')).toBe('all');
    expect(await bench.store.publishedTags()).toEqual(new Set([globalTag]));
    await rm(join(bench.root, 'SHA256SUMS'));
    expect(await bench.store.publishedTags()).toEqual(new Set());
  });

  it('asks for the plan under the lock, so that runs at once lose nothing', async () => {
    await using bench = await open();
    const add = (line: string) => async (): Promise<MetadataRelease> => {
      const text = `${(await bench.store.read('a', 'SHA256SUMS')) ?? ''}${line}`;
      return { title: 'a', notes: '', newest: false, assets: [{ name: 'SHA256SUMS', text }] };
    };
    await Promise.all('abcdefgh'.split('').map((line) => bench.store.replace('a', add(line))));
    const text = (await bench.store.read('a', 'SHA256SUMS')) ?? '';
    expect(text.split('').toSorted().join('')).toBe('abcdefgh');
  });
});

/** What is half done; the record of what is whole stays. */
async function leftovers(root: string): Promise<readonly string[]> {
  return (await readdir(join(root, '.bakery'))).filter((name) => name !== 'record');
}
