import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { createTree } from '@bakery/core/src/stage/tree.ts';
import { unpack } from '@bakery/core/src/stage/unpack.ts';
import { debOf, tarGzOf, type TarMember, tarOf, zipOf } from '@bakery/testbed/archives.ts';
import { edited, edits, nastyText } from './edits.ts';
import { fuzzTarget } from './target.ts';

const exec = spawnExec(process.env);
const limit = 1_000_000; // bytes

const path = fc.oneof(
  nastyText,
  fc.constantFrom('a', 'a/b', 'a/b/c', './a', 'link', 'link/b', '/etc/x', '../x', 'a/../../x'),
);
const member: fc.Arbitrary<TarMember> = fc.record(
  {
    path,
    type: fc.constantFrom(
      'file',
      'folder',
      'symlink',
      'hardlink',
      'fifo',
      'pax',
      'pax for all',
      'long name',
      'sparse',
    ),
    content: fc.oneof(fc.string({ maxLength: 700 }), nastyText),
    linkname: fc.oneof(path, fc.constantFrom('..', '/', '/etc', '../kept')),
    mode: fc.integer({ min: 0, max: 0o7777 }),
    size: fc.oneof(fc.nat({ max: 2000 }), fc.constantFrom(2 ** 33 - 1, 511, 512, 513)),
  },
  { requiredKeys: ['path'] },
);

const makers = {
  tar: tarOf,
  'tar.gz': tarGzOf,
  deb: debOf,
  zip: (members: readonly TarMember[]) =>
    zipOf(members.map(({ path: name, content }) => ({ path: String(name), content: content ?? '' }))),
} as const;

/** Members of any name, kind and claimed size, then damaged: nothing is written but into the tree. */
export const archives = fuzzTarget(
  'archives',
  150,
  fc.record({
    format: fc.constantFrom('tar', 'tar.gz', 'deb', 'zip'),
    members: fc.array(member, { maxLength: 8 }),
    changes: fc.oneof(fc.constant([]), edits(4)),
    strip: fc.nat({ max: 2 }),
  }),
  async ({ format, members, changes, strip }, scratch) => {
    const file = join(scratch, `x.${format}`);
    await writeFile(file, edited(makers[format](members), changes));
    await mkdir(join(scratch, 'root'));
    const tree = createTree(join(scratch, 'root'));
    await unpack({ path: file, format, label: 'x' }, { strip, exclude: [], limit }, tree, { exec });
  },
);
