import { expect, it } from '@jest/globals';
import type { TreeEntry } from '../../image/walk-tree.ts';
import { refuseLarge } from './refuse-large.ts';

const mode = { mode: 0o644, uid: 0, gid: 0, source: '/nowhere' };
const file = (path: string, size: number): TreeEntry => ({ path, kind: 'file', size, ...mode });
const tree: readonly TreeEntry[] = [
  { path: '/usr', kind: 'directory', size: 4096, ...mode },
  file('/usr/lib/ollama/cuda_v12/libcublas.so', 700),
  file('/usr/lib/ollama/cuda_v12/libcudart.so', 200),
  file('/usr/lib/ollama/rocm/librocblas.so', 400),
  { ...file('/usr/lib/ollama/rocm/again.so', 400), linkTo: '/usr/lib/ollama/rocm/librocblas.so' },
  file('/usr/bin/ollama', 30),
];
const image = { file: 'ollama-1-x86-64.raw', size: 1000 };

it('names the largest parts of an image that no store would take', () => {
  expect(() => refuseLarge(image, 999, tree)).toThrow(
    expect.objectContaining({
      code: 'store.limit',
      message: 'ollama-1-x86-64.raw: expected at most 999 bytes, as the store takes no larger file, got 1000',
      hint: expect.stringMatching(
        /: \/usr\/lib\/ollama\/cuda_v12 \(900 bytes unpacked\), \/usr\/lib\/ollama\/rocm \(400 .*, \/usr\/bin\/ollama \(30 /,
      ),
    }),
  );
});

it('takes one that is just small enough', () => {
  expect(() => refuseLarge(image, 1000, tree)).not.toThrow();
});
