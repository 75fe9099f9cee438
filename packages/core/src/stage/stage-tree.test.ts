import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tarGzOf, tarOf } from '@bakery/testbed/archives.ts';
import { emptyPlan } from '../../testing/empty-plan.ts';
import type { Fetched } from '../fetch/fetched.ts';
import { spawnExec } from '../ports/spawn.ts';
import type { Download, ImagePlan } from '../recipe/image-plan.ts';
import { stageTree } from './stage-tree.ts';

const exec = spawnExec(process.env);
const epoch = 1_700_000_000;
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;

beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'stage-'));
});
afterEach(() => folder.remove());

function write(path: string, content: string | Buffer, mode = 0o644): string {
  const place = join(folder.path, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
  chmodSync(place, mode);
  return place;
}

function download(url: string, where: Pick<Download, 'file' | 'unpack'>): Download {
  const place = { file: 'recipe.yaml', line: 7, column: 3 };
  return { place, url, integrity: { kind: 'none', reason: 'a test' }, ...where };
}

function fetched(url: string, content: string | Buffer): Fetched {
  const path = write(`cache/${url.replaceAll(/\W/g, '_')}`, content, 0o400);
  return { path, size: content.length, sha256: '', url, proof: { kind: 'none', reason: 'a test' } };
}

async function stage(work: Partial<ImagePlan>, files: readonly Fetched[] = []) {
  const root = join(folder.path, 'root');
  const tree = await stageTree(root, { ...emptyPlan, ...work }, files, { exec, epoch });
  return {
    tree,
    read: (path: string) => readFileSync(join(root, path), 'utf8'),
    mode: (path: string) => (lstatSync(join(root, path)).mode & 0o7777).toString(8),
    link: (path: string) => readlinkSync(join(root, path)),
    root,
  };
}

const unpackAll = { strip: 0, exclude: [], limit: 1_000_000 };

describe('stageTree', () => {
  it('puts trees, downloads, folders, texts, edits and links together in this order', async () => {
    write(
      'files/usr/lib/systemd/system/tool.service',
      'ExecStart=/usr/sbin/tool\nExecStop=/usr/sbin/tool stop\n',
      0o600,
    );
    write('files/usr/bin/helper', '#!', 0o700);
    symlinkSync('helper', join(folder.path, 'files/usr/bin/again'));
    const urls = ['https://h/tool', 'https://h/share.tgz'];
    const { read, mode, link, tree } = await stage(
      {
        trees: [join(folder.path, 'files')],
        downloads: [
          download('https://h/tool', { file: { to: '/usr/bin/tool' } }),
          download('https://h/share.tgz', { unpack: { ...unpackAll, into: '/usr/share/tool' } }),
        ],
        folders: [{ path: '/usr/share/tool/empty', mode: 0o700 }],
        texts: [{ path: '/usr/share/tool/version', content: '1.0', mode: 0o640 }],
        edits: [{ path: '/usr/lib/systemd/system/tool.service', replace: '/usr/sbin/', with: '/usr/bin/' }],
        links: [
          { path: '/usr/bin/t', to: './tool', optional: false },
          { path: '/usr/bin/gone', to: 'nothing', optional: true },
          { path: '/usr/share/tool/state', to: '/var/lib/tool', optional: false },
        ],
        requires: ['/usr/bin/tool', '/usr/share/tool/doc/', '/usr/share/tool/state'],
      },
      [fetched(urls[0] ?? '', 'elf'), fetched(urls[1] ?? '', tarGzOf([{ path: 'doc/a', content: 'a' }]))],
    );
    expect(read('/usr/lib/systemd/system/tool.service')).toBe(
      'ExecStart=/usr/bin/tool\nExecStop=/usr/bin/tool stop\n',
    );
    expect(mode('/usr/lib/systemd/system/tool.service')).toBe('644');
    expect(mode('/usr/bin/helper')).toBe('755');
    expect(link('/usr/bin/again')).toBe('helper');
    expect([read('/usr/bin/tool'), mode('/usr/bin/tool')]).toEqual(['elf', '755']);
    expect(read('/usr/share/tool/doc/a')).toBe('a');
    expect(mode('/usr/share/tool/empty')).toBe('700');
    expect(mode('/usr/share/tool/version')).toBe('640');
    expect(link('/usr/bin/t')).toBe('./tool');
    expect(link('/usr/share/tool/state')).toBe('/var/lib/tool');
    expect(tree.written.has('/usr/bin/gone')).toBe(false);
    expect(tree.written.get('/usr/bin/tool')?.by).toBe('recipe.yaml:7:3 tool');
  });

  it('gives every path the same time, links and the root included', async () => {
    const { root } = await stage({
      texts: [{ path: '/usr/share/a', content: 'a', mode: 0o644 }],
      links: [{ path: '/opt/b', to: '/usr/share/a', optional: false }],
    });
    const times = execFileSync('find', [root, '-printf', String.raw`%T@ %y\n`], { encoding: 'utf8' });
    expect(
      new Set(
        times
          .trim()
          .split('\n')
          .map((line) => line.split(' ')[0]),
      ),
    ).toEqual(new Set([`${epoch}.0000000000`]));
  });

  it.each([0o000, 0o077, 0o777])('sets the same modes under umask %o', async (mask) => {
    const archive = fetched('https://h/a.tar', tarOf([{ path: 'a/b', mode: 0o755 }]));
    const file = fetched('https://h/f', 'f');
    const before = process.umask(0);
    const { mode } = await (async () => {
      mkdirSync(join(folder.path, 'root'));
      process.umask(mask);
      return stage(
        {
          downloads: [
            download('https://h/a.tar', { unpack: { ...unpackAll, into: '/usr/x' } }),
            download('https://h/f', { file: { to: '/usr/bin/', mode: 0o555 } }),
          ],
          texts: [{ path: '/opt/y/t', content: '', mode: 0o666 }],
        },
        [archive, file],
      );
    })().finally(() => process.umask(before));
    expect(
      ['/', '/usr', '/usr/x', '/usr/x/a', '/usr/x/a/b', '/usr/bin/f', '/opt/y', '/opt/y/t'].map(mode),
    ).toEqual(['755', '755', '755', '755', '755', '555', '755', '666']);
  });

  it('merges a whole archive with what is there', async () => {
    const archive = fetched(
      'https://h/a.tar',
      tarOf([{ path: 'share/', type: 'folder' }, { path: 'share/a' }]),
    );
    const { tree } = await stage(
      {
        downloads: [download('https://h/a.tar', { unpack: { ...unpackAll, into: '/usr' } })],
        texts: [{ path: '/usr/share/b', content: '', mode: 0o644 }],
      },
      [archive],
    );
    expect([...tree.written.keys()].toSorted()).toEqual([
      '/usr',
      '/usr/share',
      '/usr/share/a',
      '/usr/share/b',
    ]);
  });

  it('leaves a second name of an edited file as it was', async () => {
    const members = [
      { path: 'a', content: 'old' },
      { path: 'b', type: 'hardlink', linkname: 'a' },
    ] as const;
    const { read, mode } = await stage(
      {
        downloads: [download('https://h/a.tar', { unpack: { ...unpackAll, into: '/usr/x' } })],
        edits: [{ path: '/usr/x/a', replace: 'old', with: '$& né' }],
      },
      [fetched('https://h/a.tar', tarOf(members))],
    );
    expect([read('/usr/x/a'), read('/usr/x/b'), mode('/usr/x/a')]).toEqual(['$& né', 'old', '644']);
  });

  const text = { path: '/usr/share/a', content: 'a', mode: 0o644 };
  it.each<[name: string, work: Partial<ImagePlan>, message: string]>([
    [
      'a path written twice',
      { texts: [text, { ...text, content: 'b' }] },
      '/usr/share/a: expected one writer, got text and text',
    ],
    [
      'a folder where a file is',
      { texts: [text, { ...text, path: '/usr/share/a/b' }] },
      '/usr/share/a: expected a folder for text, got a file of text',
    ],
    [
      'a folder of two modes',
      {
        folders: [
          { path: '/usr/a', mode: 0o700 },
          { path: '/usr/a', mode: 0o755 },
        ],
      },
      '/usr/a: expected one mode, got 0700 from folders and 0755 from folders',
    ],
    [
      'an edit of nothing',
      { edits: [{ path: '/usr/b', replace: 'a', with: 'b' }] },
      'edit /usr/b: expected a file in the tree, got nothing',
    ],
    [
      'an edit that finds nothing',
      { texts: [text], edits: [{ path: text.path, replace: 'z', with: 'b' }] },
      'edit /usr/share/a: expected the text "z" in it, got none',
    ],
    [
      'a relative link to nothing',
      { links: [{ path: '/usr/bin/a', to: '../share/b', optional: false }] },
      'link /usr/bin/a: expected a target in the tree, got "../share/b": /usr/share/b is not in the tree',
    ],
    [
      'a relative link out of the image',
      { links: [{ path: '/usr/bin/a', to: '../../etc/b', optional: false }] },
      'link /usr/bin/a: expected a target in the tree, got "../../etc/b": /etc/b is not in /usr or /opt',
    ],
    [
      'a required path that is missing',
      { texts: [text], requires: ['/usr/share/b'] },
      'require /usr/share/b: expected it in the tree',
    ],
  ])('refuses %s', async (_name, work, message) => {
    await expect(stage(work)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(message),
    });
  });

  it('names both writers when a download covers a static file', async () => {
    write('files/usr/bin/tool', 'mine');
    const work = {
      trees: [join(folder.path, 'files')],
      downloads: [download('https://h/tool', { file: { to: '/usr/bin/tool' } })],
    };
    await expect(stage(work, [fetched('https://h/tool', 'theirs')])).rejects.toThrow(
      `/usr/bin/tool: expected one writer, got ${folder.path}/files and recipe.yaml:7:3 tool`,
    );
  });

  it('never edits through a link', async () => {
    write('files/usr/share/real', 'a');
    symlinkSync('real', join(folder.path, 'files/usr/share/link'));
    const work = {
      trees: [join(folder.path, 'files')],
      edits: [{ path: '/usr/share/link', replace: 'a', with: 'b' }],
    };
    await expect(stage(work)).rejects.toThrow(
      'edit /usr/share/link: expected a file in the tree, got a symlink',
    );
  });

  it.each([
    ['etc/x', 'files/etc: expected only usr/ and opt/ in '],
    ['README.md', 'files/README.md: expected only usr/ and opt/ in '],
  ])('refuses %s in a static tree', async (path, message) => {
    write(`files/${path}`, '');
    await expect(stage({ trees: [join(folder.path, 'files')] })).rejects.toThrow(message);
  });

  it('refuses a file of a tree that has capabilities, which no image would carry', async () => {
    const netRaw = '\u0001\0\0\u0002\0\u0020\0\0\0\0\0\0\0\0\0\0\0\0\0\0'; // struct vfs_cap_data
    const pax = { 'SCHILY.xattr.security.capability': netRaw };
    const tar = write('a.tar', tarOf([{ path: 'usr/bin/ping', mode: 0o755, content: '#!', pax }]));
    const files = join(folder.path, 'files');
    mkdirSync(files);
    execFileSync('tar', ['--extract', '--xattrs', '--xattrs-include=*', '-f', tar, '-C', files]);
    await expect(stage({ trees: [files] })).rejects.toThrow(
      `${files}/usr/bin/ping: expected a file without capabilities`,
    );
  });

  it('says which static tree is missing', async () => {
    await expect(stage({ trees: ['/nowhere/files'] })).rejects.toThrow(
      '/nowhere/files: expected a folder with usr/',
    );
  });
});
