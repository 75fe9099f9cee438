import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { runBakery, runWell } from './run-bakery.ts';

// A program for RISC-V that the npm registry has, and one for another CPU that claims to be.
const recipe = (archWord: string): string => `recipe: 1
name: esbuild
summary: Bundler of JavaScript
homepage: https://esbuild.github.io/
license: MIT
versions: { from: npm, package: '@esbuild/linux-{arch}', range: '>=0.25' }
arch: { riscv64: ${archWord} }
artifacts:
  - url: npm:@esbuild/linux-{arch}@{version}
    integrity: npm
    unpack: { top: package, files: { bin/esbuild: /usr/bin/esbuild } }
`;

it('bakes a real program for RISC-V, and nothing for another CPU', async () => {
  await using temporary = await mkdtempDisposable(join(tmpdir(), 'riscv64-'));
  const folder = temporary.path;
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const bakery = { folder, env: { ...env, BAKERY_CACHE: `${folder}/cache` } };
  await mkdir(join(folder, 'recipes/esbuild'), { recursive: true });
  const file = join(folder, 'recipes/esbuild/recipe.yaml');
  const create = ['--recipes', 'recipes', 'create', 'esbuild', 'latest', '--arch', 'riscv64'];
  await writeFile(file, recipe('riscv64'));
  await runWell(bakery, create);
  const { stdout } = await runWell(bakery, ['verify', '--json', 'esbuild.raw']);
  expect(stdout).toContain('riscv64');
  expect(await readFile(join(folder, 'SHA256SUMS.esbuild'), 'utf8')).toMatch(
    /^[\da-f]{64} [ *]esbuild\.raw\n$/,
  );
  await writeFile(file, recipe('x64'));
  const { code, stderr } = await runBakery(bakery, create);
  expect(code).toBe(1);
  expect(stderr).toContain('/usr/bin/esbuild: expected an ELF file for riscv64, got one for x86-64');
});
