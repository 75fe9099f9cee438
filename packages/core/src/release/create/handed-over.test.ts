import { mkdir, mkdtempDisposable, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, matchesGlob } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { allArches } from '../../names/arch.ts';
import { artifactName, artifactPattern, checkHandedOver } from './handed-over.ts';

const version = { name: 'tool', version: 'v1.0+k3s1' };
const good = allArches.flatMap((arch) =>
  ['raw', 'inputs.json'].map((end) => `tool@v1.0+k3s1@${arch}/tool-v1.0+k3s1-${arch}.${end}`),
);

describe('checkHandedOver', () => {
  it('takes what the jobs of the version leave, of all arches or of some', async () => {
    await using all = await handedOver(good);
    await checkHandedOver(all.path, version, allArches);
    await using half = await handedOver(good.slice(0, 2));
    await checkHandedOver(half.path, version, allArches);
    await checkHandedOver(join(half.path, 'nothing'), version, allArches);
  });

  it.each([
    ['an artifact of another extension', 'tool-kit@1.0@arm64/tool-kit-1.0-arm64.raw'],
    ['an artifact of another version', 'tool@v1.0@arm64/tool-v1.0-arm64.raw'],
    ['an artifact of an arch that the recipe does not have', 'tool@v1.0+k3s1@mips/tool-v1.0+k3s1-mips.raw'],
    ['an artifact with more behind the arch', 'tool@v1.0+k3s1@arm64@2/tool-v1.0+k3s1-arm64.raw'],
    ['an artifact in other letters', 'tool@v1.0+k3s1@ARM64/tool-v1.0+k3s1-arm64.raw'],
    ['a file beside the artifacts', 'tool-v1.0+k3s1-arm64.raw'],
    ['an image of the other arch', 'tool@v1.0+k3s1@x86-64/tool-v1.0+k3s1-arm64.raw'],
    ['an image of another extension', 'tool@v1.0+k3s1@x86-64/beta-2.0-x86-64.raw'],
    ['a manifest', 'tool@v1.0+k3s1@x86-64/SHA256SUMS'],
    ['a hidden file', 'tool@v1.0+k3s1@x86-64/.npmrc'],
    ['a folder', 'tool@v1.0+k3s1@x86-64/deep/tool-v1.0+k3s1-x86-64.raw'],
  ])('refuses %s', async (_what, file) => {
    await using folder = await handedOver([...good, file]);
    const [first = ''] = file.split('/');
    await expect(checkHandedOver(folder.path, version, allArches)).rejects.toThrow(
      `tool-v1.0+k3s1: expected only `,
    );
    await expect(checkHandedOver(folder.path, version, allArches)).rejects.toThrow(first);
  });

  it.each(['link', 'link to a folder', 'folder'])(
    'refuses a %s that has the name of an image',
    async (kind) => {
      await using folder = await handedOver(good.slice(1));
      const path = join(folder.path, good[0] ?? '');
      if (kind === 'folder') await mkdir(path, { recursive: true });
      else await symlink(kind === 'link' ? '/etc/hostname' : '/etc', path);
      await expect(checkHandedOver(folder.path, version, allArches)).rejects.toThrow('expected only');
    },
  );
});

describe('artifactPattern', () => {
  it.each([[allArches], [['arm64'] as const]])('finds the artifacts of %j alone', (arches) => {
    const pattern = artifactPattern(version, arches);
    const others = ['', '-2', '@2', '/x'].map(
      (end) => `${artifactName({ ...version, arch: 'arm64' })}${end}`,
    );
    const own = allArches.map((arch) => artifactName({ ...version, arch }));
    const found = [...new Set([...others, ...own, 'tool@v1.0+k3s1@', 'a-tool@v1.0+k3s1@arm64'])].filter(
      (name) => matchesGlob(name, pattern),
    );
    expect(found.toSorted()).toEqual(arches.map((arch) => artifactName({ ...version, arch })).toSorted());
  });
});

async function handedOver(files: readonly string[]) {
  const folder = await mkdtempDisposable(join(tmpdir(), 'handed-over-'));
  for (const file of files) {
    await mkdir(dirname(join(folder.path, file)), { recursive: true });
    await writeFile(join(folder.path, file), file);
  }
  return folder;
}
