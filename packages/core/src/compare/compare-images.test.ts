import { cp, mkdir, mkdtempDisposable, symlink, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { packImage } from '../image/pack.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { compareImages, isSameTree } from './comparison.ts';
import { elfNeeds } from './elf-needs.ts';
import { comparisonMarkdown } from './markdown.ts';
import { showComparison } from './show-comparison.ts';

const exec = spawnExec(process.env);
const context = {
  exec,
  report: silentReport,
  path: `${process.env['PATH']}:/usr/sbin:/sbin`,
  isRoot: process.getuid?.() === 0,
  temporary: tmpdir(),
};

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
beforeAll(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'compare-'));
});
afterAll(async () => folder.remove());

type Tree = Readonly<Record<string, string | { readonly link: string } | { readonly copy: string }>>;

async function pack(
  name: string,
  tree: Tree,
  settings: { format?: 'squashfs' | 'ext4'; level?: number } = {},
) {
  const root = join(folder.path, `${name}.tree`);
  for (const [path, content] of Object.entries(tree)) {
    const place = join(root, path);
    await mkdir(dirname(place), { recursive: true });
    if (typeof content === 'string') await writeFile(place, content);
    else if ('copy' in content) await cp(content.copy, place, { dereference: true });
    else await symlink(content.link, place);
  }
  if ('usr/bin/tool' in tree) await chmod(join(root, 'usr/bin/tool'), name === 'new' ? 0o755 : 0o750);
  const output = join(folder.path, `${name}.raw`);
  const { format = 'squashfs', ...more } = settings;
  await packImage({ root, output, format, name: 'x', epoch: 0, extSize: 64 * 2 ** 20, ...more }, context);
  return { name: `${name}.raw`, path: output };
}

const unit = '/usr/lib/systemd/system/x.service'.slice(1);
const old: Tree = {
  'usr/bin/tool': '#!/bin/sh\necho 1\n',
  'usr/lib/x/plugin': 'one',
  'usr/lib/x/other': 'two',
  'usr/lib/libx.so': { link: 'libx.so.1' },
  'usr/share/same': 'same',
  [unit]: '[Service]\nExecStart=/usr/bin/tool --slow\n',
};
const fresh: Tree = {
  'usr/bin/tool': '#!/bin/sh\necho 22\n',
  'usr/lib/libx.so': { link: 'libx.so.2' },
  'usr/share/doc/deep/only': 'new',
  'usr/share/doc2/a': 'a',
  'usr/share/doc2/b': 'bb',
  'usr/share/same': 'same',
  [unit]: '[Service]\nExecStart=/usr/bin/tool --fast\n',
};

describe('compareImages', () => {
  it('shows files that came, went and changed, lines of units, and folders as one', async () => {
    const comparison = await compareImages(await pack('old', old), await pack('new', fresh), context);
    expect(showComparison(comparison)).toMatchInlineSnapshot(`
"old.raw → new.raw
image: 4.1 kB → 4.1 kB (+0.0 %), squashfs
files: 6 added, 3 removed, 3 changed, 7 paths the same
+ /usr/share/doc/deep/only  0644, 3 B
+ /usr/share/doc2/  2 paths, 3 B
- /usr/lib/x/  2 paths, 6 B
~ /usr/bin/tool  mode 0750 → 0755, 17 B → 18 B
~ /usr/lib/libx.so  link to libx.so.1 → libx.so.2
~ /usr/lib/systemd/system/x.service
    - ExecStart=/usr/bin/tool --slow
    + ExecStart=/usr/bin/tool --fast
"
`);
    expect(comparison.files.changed.map(({ path }) => path)).toContain('/usr/bin/tool');
  });

  it('finds the same files in images of different formats and levels', async () => {
    const a = await pack('a', old);
    const b = await pack('b', old, { level: 1 });
    const c = await pack('c', old, { format: 'ext4' });
    for (const other of [b, c]) {
      const comparison = await compareImages(a, other, context);
      expect(comparison.from.sha256).not.toBe(comparison.to.sha256);
      expect(isSameTree(comparison)).toBe(true);
    }
  });

  it('tells libraries that programs ask for', async () => {
    const before = await pack('needs-old', { 'usr/bin/p': { copy: '/bin/true' } });
    const after = await pack('needs-new', { 'usr/bin/p': { copy: '/bin/ls' } });
    const { files } = await compareImages(before, after, context);
    expect(await elfNeeds('/bin/true')).toEqual(['libc.so.6']);
    expect(files.changed[0]?.needs).toEqual({ added: ['libselinux.so.1'], removed: [] });
  });

  it('keeps names of files out of the Markdown around them', async () => {
    const odd = await pack('odd', { 'usr/share/```` | <b>': 'x' });
    const plain = await pack('plain', { 'usr/share/x': 'x' });
    const markdown = comparisonMarkdown(await compareImages(plain, odd, context));
    expect(markdown).toMatch(/^`````diff\n/);
    expect(markdown.endsWith('\n`````\n')).toBe(true);
  });
});
