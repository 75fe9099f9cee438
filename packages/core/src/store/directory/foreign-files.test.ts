import {
  mkdir,
  mkdtempDisposable,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { indexOf, newRelease, sha256, text } from '../../../testing/sample-releases.ts';
import { globalTag } from '../../names/manifest-name.ts';
import { directoryStore } from '../directory.ts';
import type { MetadataAsset, Store } from '../store.ts';

let stack: AsyncDisposableStack;
let home: string;
let root: string;
let warnings: string[];

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  home = stack.use(await mkdtempDisposable(join(tmpdir(), 'foreign-'))).path;
  root = join(home, 'out');
  warnings = [];
});
afterEach(() => stack.disposeAsync());

describe('a folder that is no store', () => {
  it.each([
    [{ 'debian-vm.raw': 'precious', 'nginx.conf': 'mine' }, 'found debian-vm.raw, nginx.conf'],
    [{ 'a/disk.raw': 'other' }, 'found a/'],
    [{ 'hosts.transfer': 'mine', 'index.html': 'mine' }, 'found hosts.transfer'],
    [{ SHA256SUMS: 'of mine' }, 'found SHA256SUMS'],
    [
      Object.fromEntries('abcdefg'.split('').map((name) => [`${name}.conf`, ''])),
      'a.conf, b.conf, c.conf, d.conf, e.conf and 2 more',
    ],
    [{ '.bakery': 'a file' }, '.bakery: expected a folder for the records of the store, found a file'],
  ])('with %j in it is refused, and stays as it is', async (files, complaint) => {
    await put(files);
    await expect(publish('a-1')).rejects.toThrow(complaint);
    await expect(open().publishedTags()).rejects.toThrow(complaint);
    await expect(open().replace('a', indexOf(text('a.conf', '1')))).rejects.toThrow(complaint);
    expect(await filesIn(root)).toEqual(files);
  });

  it('is refused through a symlink too, and an empty one is not', async () => {
    await put({ 'vm.raw': 'precious' });
    await symlink(root, join(home, 'link'));
    await expect(publish('a-1', join(home, 'link'))).rejects.toThrow('found vm.raw');
    await mkdir(join(home, 'empty'));
    await symlink(join(home, 'empty'), join(home, 'to-empty'));
    expect(await publish('a-1', join(home, 'to-empty'))).toBe('published');
  });

  it('may hold files that are called otherwise', async () => {
    await put({ 'index.html': 'mine', '.well-known/x': 'mine' });
    expect(await publish('a-1')).toBe('published');
    expect(await filesIn(root)).toMatchObject({ 'index.html': 'mine', '.well-known/x': 'mine' });
  });

  it('is refused when the folder for records leads elsewhere', async () => {
    await put({ '../elsewhere/x': 'mine' });
    await mkdir(root);
    await symlink(join(home, 'elsewhere'), join(root, '.bakery'));
    await expect(publish('a-1')).rejects.toThrow('found a symlink');
    expect(await filesIn(join(home, 'elsewhere'))).toEqual({ x: 'mine' });
  });
});

describe('a store', () => {
  beforeEach(async () => {
    await publish('a-1');
    await index('a-1');
  });

  it('leaves alone what it did not write, wherever it lies and whatever it is called', async () => {
    const strange = {
      'vm.raw': 'precious',
      'nginx.conf': 'mine',
      'a/disk.raw': 'mine',
      'a/mine.transfer': 'mine',
      'b/c.raw': 'mine',
      '.bakery/new-notes': 'mine',
      '.bakery/12-notes/x': 'mine',
    };
    await put(strange);
    await publish('a-2');
    await index('a-2');
    const files = await filesIn(root);
    expect(files).toMatchObject(strange);
    expect(Object.keys(files).filter((path) => path.startsWith('a/a-'))).toEqual(['a/a-2-arm64.raw']);
    expect(await open().publishedTags()).toEqual(new Set(['a', 'a-1', 'a-2', globalTag]));
  });

  it('writes nothing when a name is taken by a file of others, and names all of them', async () => {
    await put({ 'a/a-v1.conf': 'mine', 'a/a-v1.transfer': 'mine' });
    const before = await filesIn(root);
    const plan = indexOf(text('a.conf', 'new'), text('a-v1.conf', '1'), text('a-v1.transfer', '1'));
    await expect(open().replace('a', plan)).rejects.toThrow(
      `dir:${root}/a: expected no files of others that are to be written, found a-v1.conf, a-v1.transfer`,
    );
    expect(await filesIn(root)).toEqual(before);
  });

  it('takes a file that has the very bytes it would write', async () => {
    await put({ 'a/a-v1.conf': '1' });
    expect(await open().replace('a', indexOf(text('a-v1.conf', '1'), text('SHA256SUMS', 's')))).toBe(
      'written',
    );
  });

  it.each(['b-1', 'b'])(
    'does not write to %j when it is a folder, a file or a symlink of others',
    async (tag) => {
      const write = () => (tag === 'b' ? open().replace('b', indexOf(text('b.conf', '1'))) : publish(tag));
      await put({ '../elsewhere/x': 'mine', [`${tag}/mine`]: 'mine' });
      await expect(write()).rejects.toThrow(`${tag}: expected nothing there`);
      await rm(join(root, tag), { recursive: true });
      await put({ [tag]: 'mine' });
      await expect(write()).rejects.toThrow(`${tag}: expected nothing there`);
      await rm(join(root, tag));
      await symlink(join(home, 'elsewhere'), join(root, tag));
      await expect(write()).rejects.toThrow(`${tag}: expected nothing there`);
      expect(await filesIn(join(home, 'elsewhere'))).toEqual({ x: 'mine' });
      await rm(join(root, tag));
      await mkdir(join(root, tag));
      await write();
    },
  );

  it('does not write through a folder of its own that became a symlink', async () => {
    await rename(join(root, 'a'), join(home, 'moved'));
    await symlink(join(home, 'moved'), join(root, 'a'));
    const before = await filesIn(join(home, 'moved'));
    await expect(index('a-1', 'changed')).rejects.toThrow(
      'a: expected nothing there, or the index of a, found a symlink',
    );
    expect(await filesIn(join(home, 'moved'))).toEqual(before);
  });

  it('does not replace a symlink', async () => {
    await put({ '../secret': 'precious' });
    await rm(join(root, 'a/a.conf'));
    await symlink(join(home, 'secret'), join(root, 'a/a.conf'));
    await expect(index('a-1')).rejects.toThrow('found a.conf');
    expect(await readFile(join(home, 'secret'), 'utf8')).toBe('precious');
  });

  it('keeps what others wrote over a file of its own, when it rewrites that', async () => {
    await put({ 'a/a.conf': 'edited' });
    await index('a-1', 'new');
    expect(await readFile(join(root, 'a/a.conf'), 'utf8')).toBe('new');
    const [aside = ''] = await readdir(join(root, '.bakery/aside'));
    expect(await readFile(join(root, '.bakery/aside', aside), 'utf8')).toBe('edited');
    expect(warnings.join('\n')).toContain('a/a.conf: was changed by someone else; rewritten');
  });

  it('does not remove a release with a file that is called like what every object has', async () => {
    await put({ 'a-1/constructor': 'mine' });
    await expect(open().remove('a-1')).rejects.toThrow('found constructor');
    expect(await readFile(join(root, 'a-1/constructor'), 'utf8')).toBe('mine');
  });

  it('does not remove a file of its own that others changed', async () => {
    await put({ 'a/a.conf': 'edited' });
    await open().replace('a', indexOf(text('SHA256SUMS', 's')));
    expect(await readFile(join(root, 'a/a.conf'), 'utf8')).toBe('edited');
    expect(warnings.join('\n')).toContain('a/a.conf: was changed by someone else, so it is kept');
    await open().replace('a', indexOf(text('SHA256SUMS', 't')));
    expect(await readFile(join(root, 'a/a.conf'), 'utf8')).toBe('edited');
  });

  it('says that a release is gone, once', async () => {
    await publish('a-2');
    await rm(join(root, 'a-1'), { recursive: true });
    await index('a-2');
    await index('a-2');
    expect(warnings).toEqual([`dir:${root}/a-1: was published but is gone; the index no longer lists it`]);
  });
});

describe('a store of a bakery that kept no records', () => {
  beforeEach(async () => {
    for (const tag of ['a-1', 'a-2']) await publish(tag);
    await index('a-2', conf);
    await put({ 'a/mine.raw': 'mine', 'www/index.html': 'mine', 'a-1/notes.conf': 'mine' });
    await rm(join(root, '.bakery'), { recursive: true });
  });

  it('goes on: what its own indexes prove is taken over, and nothing else', async () => {
    expect(await open().publishedTags()).toEqual(new Set(['a', 'a-1', 'a-2', globalTag]));
    const [release] = await open().releases(['a-1']);
    expect(release?.assets.map(({ name }) => name).toSorted()).toEqual([
      'SHA256SUMS',
      'a-1-arm64.raw',
      'a.conf',
    ]);
    await index('a-1', conf.replace('/old/', '/new/'));
    const files = await filesIn(root);
    expect(files).toMatchObject({ 'a/mine.raw': 'mine', 'www/index.html': 'mine', 'a-1/notes.conf': 'mine' });
    expect(files['a/a.conf']).toContain('/new/');
    expect(files).not.toHaveProperty(['a/a-2-arm64.raw']);
    expect(warnings).toEqual([]);
  });

  it('is refused when an image is not what its manifest says', async () => {
    await put({ 'a-1/a-1-arm64.raw': 'image b-1' });
    await expect(open().releases(['a-1'])).rejects.toThrow(
      `release a-1 is not as it was published\n  ${root}/a-1/a-1-arm64.raw: expected sha256 ${sha256('image a-1')}, got ${sha256('image b-1')}`,
    );
  });
});

const conf = `[Source]
Type=url-file
Path=http://hub/old/
[Target]
CurrentSymlink=/etc/extensions/a.raw
`;

function open(at = root): Store {
  return directoryStore(at, 'http://127.0.0.1:8080', {
    report: { warn: (line) => void warnings.push(line) },
  });
}

async function publish(tag: string, at = root): Promise<string> {
  const image = `${tag}-arm64.raw`;
  await using release = await newRelease(tag, {
    [image]: `image ${tag}`,
    'a.conf': conf,
    SHA256SUMS: `${sha256(`image ${tag}`)}  ${image}\n`,
  });
  return await open(at).publish(release);
}

/** The index of `a`, which names the image of one release, and the one of everything. */
async function index(tag: string, transfer = 'transfer'): Promise<void> {
  const image = `${tag}-arm64.raw`;
  const store = open();
  const plan = (from: string) => async () => {
    const [release] = await store.releases([from]);
    const asset = release?.assets.find(({ name }) => name === image);
    const assets: MetadataAsset[] = asset === undefined ? [] : [{ name: image, from: { tag: from, asset } }];
    const sums = `${sha256(`image ${tag}`)}  ${image}\n`;
    return indexOf(...assets, text('a.conf', transfer), text('SHA256SUMS', sums))();
  };
  await store.replace('a', plan(tag));
  await store.replace(globalTag, plan('a'));
}

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

async function filesIn(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = paths
    .toSorted()
    .map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'utf8')] as const);
  return Object.fromEntries(await Promise.all(read));
}
