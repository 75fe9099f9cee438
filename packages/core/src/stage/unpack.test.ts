import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { debOf, type TarMember, tarOf, zipOf } from '@bakery/testbed/archives.ts';
import { spawnExec } from '../ports/spawn.ts';
import { archiveFormat } from './archive-format.ts';
import type { Unpacking } from './staging.ts';
import { createTree } from './tree.ts';
import { unpack } from './unpack.ts';

const exec = spawnExec(process.env);
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;

beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'unpack-'));
  mkdirSync(join(folder.path, 'root'));
});
afterEach(() => folder.remove());

/** Unpacks into root/ and lists what is there: `path mode content` for files, `path -> target` for links. */
async function unpacked(
  name: string,
  bytes: Buffer | undefined,
  picked: Partial<Unpacking>,
): Promise<string[]> {
  const path = join(folder.path, name);
  if (bytes !== undefined) writeFileSync(path, bytes);
  const tree = createTree(join(folder.path, 'root'));
  const usual = { strip: 0, exclude: [], limit: 10_000_000 };
  await unpack({ path, format: archiveFormat(name), label: name }, { ...usual, ...picked }, tree, { exec });
  return listed(join(folder.path, 'root'), '');
}

function listed(root: string, path: string): string[] {
  return readdirSync(join(root, path))
    .toSorted()
    .flatMap((name) => {
      const here = `${path}/${name}`;
      const state = lstatSync(join(root, here));
      if (state.isDirectory()) return [`${here}/`, ...listed(root, here)];
      if (state.isSymbolicLink()) return [`${here} -> ${readlinkSync(join(root, here))}`];
      return [
        `${here} 0${(state.mode & 0o7777).toString(8)} ${readFileSync(join(root, here), 'utf8').trim()}`,
      ];
    });
}

const sample: readonly TarMember[] = [
  { path: './', type: 'folder' },
  { path: './pkg-1.0/', type: 'folder', mode: 0o700 },
  { path: './pkg-1.0/bin/tool', mode: 0o755, content: 'tool' },
  { path: './pkg-1.0/bin/other', mode: 0o755, content: 'other' },
  { path: './pkg-1.0/bin/again', type: 'hardlink', mode: 0o755, linkname: './pkg-1.0/bin/tool' },
  { path: './pkg-1.0/share/doc/a.txt', mode: 0o666, content: 'a' },
  { path: './pkg-1.0/share/b.txt', mode: 0o044, content: 'b' },
  { path: './pkg-1.0/share/link', type: 'symlink', linkname: 'doc/a.txt' },
  { path: './README', content: 'read me' },
];

function to(member: string, target: string, mode?: number) {
  return { member, target: mode === undefined ? { to: target } : { to: target, mode } };
}

const everything = [
  '/usr/',
  '/usr/x/',
  '/usr/x/bin/',
  '/usr/x/bin/again 0755 tool',
  '/usr/x/bin/other 0755 other',
  '/usr/x/bin/tool 0755 tool',
  '/usr/x/share/',
  '/usr/x/share/b.txt 0444 b',
  '/usr/x/share/doc/',
  '/usr/x/share/doc/a.txt 0644 a',
  '/usr/x/share/link -> doc/a.txt',
];

describe('unpacking', () => {
  it('drops leading folders with strip, and what has no more than them', async () => {
    expect(await unpacked('a.tar', tarOf(sample), { strip: 1, into: '/usr/x' })).toEqual(everything);
  });

  it('starts from a folder with top', async () => {
    expect(await unpacked('a.tar', tarOf(sample), { top: 'pkg-1.0', into: '/usr/x' })).toEqual(everything);
  });

  it('keeps a hardlink one file under two names', async () => {
    await unpacked('a.tar', tarOf(sample), { strip: 1, into: '/usr/x' });
    const [one, two] = ['tool', 'again'].map(
      (name) => statSync(join(folder.path, 'root/usr/x/bin', name)).ino,
    );
    expect(one).toBe(two);
  });

  it.each<[name: string, files: Unpacking['files'], wanted: readonly string[]]>([
    ['an exact member to a path', [to('bin/tool', '/usr/bin/t')], ['/usr/bin/t 0755 tool']],
    ['an exact member to a folder', [to('bin/tool', '/usr/bin/')], ['/usr/bin/tool 0755 tool']],
    ['another mode', [to('bin/tool', '/usr/bin/t', 0o700)], ['/usr/bin/t 0700 tool']],
    [
      'another mode for one name of two',
      [to('bin/tool', '/usr/bin/t'), to('bin/again', '/usr/bin/u', 0o555)],
      ['/usr/bin/t 0755 tool', '/usr/bin/u 0555 tool'],
    ],
    [
      'a glob to a folder',
      [to('bin/{tool,other}', '/usr/bin/')],
      ['/usr/bin/other 0755 other', '/usr/bin/tool 0755 tool'],
    ],
    [
      'a glob with sub-folders',
      [to('share/**/*.txt', '/usr/share/')],
      ['/usr/share/b.txt 0444 b', '/usr/share/doc/a.txt 0644 a'],
    ],
    ['a glob that finds one member, to a path', [to('*/oth*', '/usr/bin/o')], ['/usr/bin/o 0755 other']],
    [
      'a folder to a path',
      [to('share', '/usr/lib/s')],
      ['/usr/lib/s/b.txt 0444 b', '/usr/lib/s/doc/a.txt 0644 a', '/usr/lib/s/link -> doc/a.txt'],
    ],
    ['a folder to a folder', [to('share/doc', '/usr/lib/')], ['/usr/lib/doc/a.txt 0644 a']],
    [
      'an exact member before a glob',
      [to('bin/{tool,other}', '/usr/bin/'), to('bin/tool', '/usr/libexec/tool')],
      ['/usr/bin/other 0755 other', '/usr/libexec/tool 0755 tool'],
    ],
  ])('places %s', async (_name, files, wanted) => {
    const found = await unpacked('a.tar', tarOf(sample), { strip: 1, files: files ?? [] });
    expect(found.filter((line) => !line.endsWith('/'))).toEqual(wanted);
  });

  it('leaves out members, folders and globs that are excluded', async () => {
    const picked = { strip: 1, into: '/usr/x', exclude: ['bin/again', 'share/doc', '**/b.*'] };
    expect(await unpacked('a.tar', tarOf(sample), picked)).toEqual([
      '/usr/',
      '/usr/x/',
      '/usr/x/bin/',
      '/usr/x/bin/other 0755 other',
      '/usr/x/bin/tool 0755 tool',
      '/usr/x/share/',
      '/usr/x/share/link -> doc/a.txt',
    ]);
  });

  it.each<[name: string, picked: Partial<Unpacking>, message: string, hint: string | undefined]>([
    [
      'a member',
      { strip: 1, files: [to('sbin/tool', '/usr/bin/t')] },
      'expected a member "sbin/tool", got none',
      'near it: bin/tool, ',
    ],
    [
      'a glob',
      { strip: 1, files: [to('lib/*', '/usr/lib/')] },
      'expected members that match "lib/*", got none',
      'near it: ',
    ],
    [
      'an exclusion',
      { strip: 1, into: '/usr/x', exclude: ['bin/toll'] },
      'expected a member "bin/toll", got none',
      'near it: bin/tool, ',
    ],
    ['the top', { top: 'pkg-2.0', into: '/usr/x' }, 'expected members below "pkg-2.0", got none', undefined],
    [
      'the depth',
      { strip: 9, into: '/usr/x' },
      'expected members below more than 9 leading folders, got none',
      undefined,
    ],
    [
      'the one member',
      { strip: 1, files: [to('bin/*', '/usr/bin/t')] },
      '"bin/*" matches more than one member: expected a path that ends in "/", got "/usr/bin/t"',
      undefined,
    ],
    [
      'the first name',
      { strip: 1, files: [to('bin/again', '/usr/bin/t')] },
      'is a hardlink to "pkg-1.0/bin/tool", which is not taken',
      'take "pkg-1.0/bin/tool" instead of it, or both',
    ],
  ])('says when %s is missing', async (_name, picked, message, hint) => {
    const error: unknown = await unpacked('a.tar', tarOf(sample), picked).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ name: 'UserError', message: expect.stringContaining(message) });
    if (hint !== undefined) expect(error).toMatchObject({ hint: expect.stringContaining(hint) });
  });

  it('reads long names, old archives without a magic and empty files', async () => {
    const long = `${'long-folder/'.repeat(20)}file`;
    const found = await unpacked('a.tar', tarOf([{ path: long, content: 'x' }, { path: 'empty' }]), {
      into: '/usr',
    });
    expect(found).toContain(`/usr/${long} 0644 x`);
    expect(found).toContain('/usr/empty 0644 ');
  });

  it('reads a zip with links, folders, modes, and entries made where there are none', async () => {
    const bytes = zipOf([
      { path: 'd/', mode: 0o040755 },
      { path: 'd/tool', mode: 0o100755, content: 'tool' },
      { path: 'd/link', mode: 0o120777, content: 'tool' },
      { path: 'plain', content: 'plain' },
    ]);
    expect(await unpacked('a.zip', bytes, { into: '/usr/x' })).toEqual([
      '/usr/',
      '/usr/x/',
      '/usr/x/d/',
      '/usr/x/d/link -> tool',
      '/usr/x/d/tool 0755 tool',
      '/usr/x/plain 0644 plain',
    ]);
  });

  it('reads a Debian package', async () => {
    const bytes = debOf([{ path: './usr/bin/tool', mode: 0o755, content: 'tool' }]);
    expect(await unpacked('a_1_amd64.deb', bytes, { top: 'usr', into: '/usr/' })).toEqual([
      '/usr/',
      '/usr/bin/',
      '/usr/bin/tool 0755 tool',
    ]);
  });
});

describe('archives of real programs', () => {
  beforeEach(() => {
    const from = join(folder.path, 'from/pkg');
    mkdirSync(join(from, 'bin'), { recursive: true });
    mkdirSync(join(from, 'DEBIAN'));
    writeFileSync(join(from, 'bin/tool'), 'tool'.repeat(300_000));
    chmodSync(join(from, 'bin/tool'), 0o755);
    linkSync(join(from, 'bin/tool'), join(from, 'bin/again'));
    symlinkSync('tool', join(from, 'bin/link'));
    writeFileSync(join(from, `${'n'.repeat(120)}é`), '');
    const control = [
      'Package: pkg',
      'Version: 1',
      'Architecture: all',
      'Maintainer: nobody',
      'Description: x',
      '',
    ];
    writeFileSync(join(from, 'DEBIAN/control'), control.join('\n'));
  });

  it.each<[name: string, argv: readonly string[]]>([
    ['a.tar', ['tar', 'cf', 'a.tar', '--exclude=DEBIAN', '-C', 'from/pkg', '.']],
    ['a.tar', ['tar', 'cf', 'a.tar', '--format=posix', '--exclude=DEBIAN', '-C', 'from/pkg', '.']],
    ['a.tar', ['tar', 'cf', 'a.tar', '--format=gnu', '--exclude=DEBIAN', '-C', 'from/pkg', '.']],
    ['a.tgz', ['tar', 'czf', 'a.tgz', '--exclude=DEBIAN', '-C', 'from/pkg', '.']],
    ['a.txz', ['tar', 'cJf', 'a.txz', '--exclude=DEBIAN', '-C', 'from/pkg', '.']],
    ['a.tar.bz2', ['tar', 'cjf', 'a.tar.bz2', '--exclude=DEBIAN', '-C', 'from/pkg', '.']],
    ['a.tzst', ['tar', '--zstd', '-cf', 'a.tzst', '--exclude=DEBIAN', '-C', 'from/pkg', '.']],
    ['a.deb', ['dpkg-deb', '--root-owner-group', '-Zxz', '-b', 'from/pkg', 'a.deb']],
    ['a.deb', ['dpkg-deb', '--root-owner-group', '-Zgzip', '-b', 'from/pkg', 'a.deb']],
    ['a.deb', ['dpkg-deb', '--root-owner-group', '-Znone', '-b', 'from/pkg', 'a.deb']],
  ])('are read: %s by %j', async (name, [program = '', ...args]) => {
    execFileSync(program, args, { cwd: folder.path, stdio: 'pipe' });
    const found = await unpacked(name, undefined, { into: '/usr/x' });
    const tool = 'tool'.repeat(300_000);
    expect(found).toEqual([
      '/usr/',
      '/usr/x/',
      '/usr/x/bin/',
      `/usr/x/bin/again 0755 ${tool}`,
      '/usr/x/bin/link -> tool',
      `/usr/x/bin/tool 0755 ${tool}`,
      `/usr/x/${'n'.repeat(120)}é 0644 `,
    ]);
  });
});
