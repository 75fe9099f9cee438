import { describe, expect, it } from '@jest/globals';
import { entriesIn } from './read-btrfs.ts';

describe('entriesIn', () => {
  it('reads inodes and names', () => {
    const text = tree(
      name(256, 'usr', 257),
      inode(257, '40755', 7),
      name(257, 'ü', 258),
      inode(258, '100644', 0),
    );
    expect(entriesIn(text).map(({ path, kind, uid }) => [path, kind, uid])).toEqual([
      ['/', 'directory', 0],
      ['/usr', 'directory', 7],
      ['/usr/ü', 'file', 0],
    ]);
  });

  it.each<[string, string, string]>([
    ['a way out', name(256, '../../x', 257), 'names without "/" or dots only, got "../../x"'],
    ['a name with an end of line', name(256, 'x\ny', 257), 'without control characters, got "x" of 3 bytes'],
    [
      'an item in a name',
      name(256, 'x\n\titem 9 key (257 INODE_ITEM 0) itemoff 1', 257),
      'without control characters, got "x" of',
    ],
    ['a name twice', name(256, 'x', 257) + name(256, 'x', 257), 'expected each name once, got "/x" twice'],
    ['an inode twice', inode(257, '100644', 0), 'expected inode 257 once'],
    ['a folder in itself', name(256, 'x', 256) + name(256, 'y', 256), 'expected each folder once'],
    ['a name of nothing', name(256, 'x', 259), 'expected an inode, got none'],
    [
      'a subvolume',
      name(256, 'x', 257).replace('INODE_ITEM 0', 'ROOT_ITEM -1'),
      'expected a name of a file or folder',
    ],
  ])('refuses %s', (_what, items, message) => {
    expect(() => entriesIn(tree(items, inode(257, '100644', 0)))).toThrow(message);
  });
});

function tree(...items: readonly string[]): string {
  return `leaf 1 items 9\n${inode(256, '40755', 0)}${items.join('')}`;
}

function inode(id: number, mode: string, owner: number): string {
  return `\titem 0 key (${id} INODE_ITEM 0) itemoff 1 itemsize 160
\t\tgeneration 3 transid 0 size 6 nbytes 16384
\t\tblock group 0 mode ${mode} links 1 uid ${owner} gid 0 rdev 0
`;
}

function name(folder: number, text: string, child: number): string {
  return `\titem 3 key (${folder} DIR_INDEX 2) itemoff 16045 itemsize 33
\t\tlocation key (${child} INODE_ITEM 0) type FILE
\t\ttransid 0 data_len 0 name_len ${Buffer.byteLength(text)}
\t\tname: ${text}
`;
}
