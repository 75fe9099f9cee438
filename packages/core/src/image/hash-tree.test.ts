import { expect, it } from '@jest/globals';
import { hashTreeArgs } from './hash-tree.ts';

it('leaves nothing of a hash tree to chance: salt and UUID come from the image', () => {
  const image = { path: '/a.raw', sha256: '0'.repeat(64) };
  const args = hashTreeArgs(image, '/a.verity');
  expect(args).toEqual([
    'format',
    '--hash=sha256',
    '--data-block-size=4096',
    '--hash-block-size=4096',
    expect.stringMatching(/^--salt=[0-9a-f]{64}$/),
    expect.stringMatching(/^--uuid=[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    '/a.raw',
    '/a.verity',
  ]);
  const moved = hashTreeArgs({ ...image, path: '/b.raw' }, '/b.verity');
  expect(moved.slice(0, -2)).toEqual(args.slice(0, -2));
  const other = hashTreeArgs({ ...image, sha256: '1'.repeat(64) }, '/a.verity');
  expect(other.filter((arg) => !args.includes(arg))).toHaveLength(2);
});
