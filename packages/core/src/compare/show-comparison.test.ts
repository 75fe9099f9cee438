import { expect, it } from '@jest/globals';
import { compareContents } from './compare-contents.ts';
import type { Content } from './contents.ts';
import { showComparison } from './show-comparison.ts';

const common = { kind: 'file', mode: 0o644, uid: 0, gid: 0, size: 10, sha256: 'a'.repeat(64) } as const;

function image(sha256: string, size: number, contents: readonly Content[]) {
  const entries = new Map(contents.map((content) => [content.path, content]));
  return { name: `tool-${size}`, format: 'squashfs', sha256, size, entries } as const;
}

function shown(before: readonly Content[], after: readonly Content[], most?: number): string {
  const [from, to] = [image('1', 1000, before), image('2', 1500, after)];
  return showComparison({ from, to, files: compareContents(from, to) }, most);
}

it('says what came, went and changed, a new folder as one', () => {
  const folder: Content = { ...common, path: '/usr/share/tool', kind: 'directory', mode: 0o755, size: 0 };
  const before: Content[] = [
    { ...common, path: '/usr/bin/tool', mode: 0o755, needs: ['libc.so.6'] },
    { ...common, path: '/usr/bin/t', kind: 'symlink', target: 'tool' },
    { ...common, path: '/usr/lib/systemd/system/tool.service', text: 'a\nb' },
    { ...common, path: '/usr/lib/old' },
  ];
  const after: Content[] = [
    { ...common, path: '/usr/bin/tool', size: 20, sha256: 'b'.repeat(64), needs: ['libm.so.6'] },
    { ...common, path: '/usr/bin/t', kind: 'symlink', target: '../lib/tool' },
    { ...common, path: '/usr/lib/systemd/system/tool.service', uid: 1, text: 'a\nc', sha256: 'c'.repeat(64) },
    folder,
    { ...common, path: '/usr/share/tool/a' },
    { ...common, path: '/usr/share/tool/b' },
  ];
  expect(shown(before, after)).toBe(`tool-1000 → tool-1500
image: 1.0 kB → 1.5 kB (+50.0 %), squashfs
files: 3 added, 1 removed, 3 changed, 0 paths the same
+ /usr/share/tool/  2 paths, 20 B
- /usr/lib/old  0644, 10 B
~ /usr/bin/tool  mode 0755 → 0644, 10 B → 20 B, needs libm.so.6 now, needs libc.so.6 no more
~ /usr/bin/t  link to tool → ../lib/tool
~ /usr/lib/systemd/system/tool.service  owner 0:0 → 1:0
    - b
    + c
`);
});

it('stops where a reader would', () => {
  const many = ['a', 'b', 'c'].map((name): Content => ({ ...common, path: `/usr/${name}` }));
  expect(shown([], many, 1)).toContain('+ /usr/a  0644, 10 B\n… and 2 more\n');
});

it('says of bytes that differ alone how they begin', () => {
  const path = '/usr/bin/tool';
  expect(shown([{ ...common, path }], [{ ...common, path, sha256: 'b'.repeat(64) }])).toContain(
    '~ /usr/bin/tool  other bytes (sha256 aaaaaaaaaaaa… → bbbbbbbbbbbb…)\n',
  );
});

it('is short about the same tree and the same bytes', () => {
  const content = { ...common, path: '/usr/bin/tool' };
  const [from, to] = [image('1', 1000, [content]), image('1', 1000, [content])];
  expect(showComparison({ from, to, files: compareContents(from, to) })).toBe(
    'tool-1000 → tool-1000\nimage: the same bytes, 1.0 kB\nfiles: the same 1 paths\n',
  );
});
