import { createHash } from 'node:crypto';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Arch } from '../../names/arch.ts';
import { formatInputs, type Inputs } from '../../provenance/inputs.ts';
import { readVersionImages } from './version-images.ts';

const id = { name: 'mine', version: '1.0.0' };
const sha256 = 'a'.repeat(64);
const here = {
  repository: 'https://git.example/r',
  commit: 'b'.repeat(40),
  path: 'recipes/mine',
  changed: false,
};
const bakery = { version: '0.1.0', commit: 'c'.repeat(40), changed: false };

async function leaveImage(
  folder: string,
  arch: Arch,
  origin: Pick<Inputs, 'bakery' | 'recipe'>,
): Promise<void> {
  const file = `mine-1.0.0-${arch}.raw`;
  await writeFile(join(folder, file), arch);
  const image = {
    file,
    size: arch.length,
    sha256: createHash('sha256').update(arch).digest('hex'),
    format: 'squashfs',
    tool: 'mksquashfs 4.6',
    epoch: 0,
    options: {},
    artifacts: [],
  };
  const record = formatInputs({ inputs: 1, ...id, ...origin, images: { [arch]: image } });
  await writeFile(join(folder, file.replace(/raw$/, 'inputs.json')), record);
}

it.each([
  [
    'one bakery made of one commit',
    { bakery, recipe: { sha256, ...here } },
    { bakery, recipe: { sha256, ...here } },
  ],
  ['an older bakery left', { recipe: { sha256 } }, { recipe: { sha256 } }],
])('reads the records that %s', async (_what, origin, expected) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'version-images-'));
  for (const arch of ['x86-64', 'arm64'] as const) await leaveImage(folder.path, arch, origin);
  const { inputs } = await readVersionImages(() => folder.path, id, ['x86-64', 'arm64']);
  expect(inputs).toEqual({ inputs: 1, ...id, ...expected, images: expect.anything() });
  expect(inputs.images.arm64?.sha512).toBe(createHash('sha512').update('arm64').digest('hex'));
});

it('says nothing of what differs between arches', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'version-images-'));
  await leaveImage(folder.path, 'x86-64', { bakery, recipe: { sha256, ...here } });
  const later = { bakery: { ...bakery, changed: true }, recipe: { sha256, ...here, commit: 'd'.repeat(40) } };
  await leaveImage(folder.path, 'arm64', later);
  const { inputs } = await readVersionImages(() => folder.path, id, ['x86-64', 'arm64']);
  expect(inputs).toEqual({ inputs: 1, ...id, recipe: { sha256 }, images: expect.anything() });
});
