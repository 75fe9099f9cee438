import { execFileSync } from 'node:child_process';
import { mkdir, mkdtempDisposable, rename, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { UserError } from '../diagnostics/user-error.ts';
import { loadRecipe } from './load.ts';

const head = `recipe: 1
name: demo
summary: A demo
homepage: https://example.org/
license: MIT
versions: { from: pinned, versions: [1.0.0, 1.1.0] }
arch: { x86-64: amd64, arm64: arm64 }
`;
const artifact = `artifacts:
  - url: https://example.org/{version}/demo-{arch}
    integrity: { from: '{url}.sha256' }
    place: /usr/bin/demo
`;

it('adds files/ when there is one, and shows paths from where the user is', async () => {
  await using temp = await mkdtempDisposable(join(tmpdir(), 'recipe-'));
  const folder = join(temp.path, 'recipes', 'demo');
  await mkdir(join(folder, 'files', 'usr'), { recursive: true });
  await writeFile(join(folder, 'recipe.yaml'), head + artifact);
  const loaded = await loadRecipe(folder, temp.path);
  expect(loaded.recipe.files).toEqual([{ from: 'files' }]);
  expect(loaded.folder).toBe(folder);
  expect(loaded.locate(['name'])).toEqual({ file: 'recipes/demo/recipe.yaml', line: 2, column: 1 });
});

it('must carry the name of the recipe and hold what it lists', async () => {
  await using temp = await mkdtempDisposable(join(tmpdir(), 'recipe-'));
  const folder = join(temp.path, 'other');
  await mkdir(folder);
  await writeFile(join(folder, 'recipe.yaml'), `${head}files: [{ from: tree }]\n`);
  await expect(loadRecipe(folder, temp.path)).rejects.toThrow(
    new UserError(
      'recipe.invalid',
      'other/recipe.yaml:2:1 name: expected the name of the folder, "other", got "demo"\n' +
        'other/recipe.yaml:8:11 files[0].from: expected a folder in the recipe’s folder, got "tree"',
    ),
  );
});

it('must have a recipe.yaml', async () => {
  await using temp = await mkdtempDisposable(join(tmpdir(), 'recipe-'));
  await expect(loadRecipe(join(temp.path, 'none'), temp.path)).rejects.toThrow(
    'none: expected a folder with a recipe.yaml, found none',
  );
});

const everyFile = `${head}files: [{ from: tree }]
artifacts:
  - { url: 'https://e.org/x', integrity: signature, place: /usr/x, signature: { openpgp: '{url}.asc', keys: keys, signs: artifact } }
build:
  - container:
      image: docker.io/library/alpine@sha256:${'a'.repeat(64)}
      script: build.sh
      sources: { x: { git: 'https://e.org/x.git', ref: v1 } }
      patches: [fix.patch]
      take: { usr: /usr }
`;

/** A good recipe with one of its paths replaced by something else. */
async function withPath(path: string, replace: (at: string) => Promise<unknown> | void): Promise<string> {
  await using temp = await mkdtempDisposable(join(tmpdir(), 'recipe-'));
  const folder = join(temp.path, 'demo');
  await mkdir(join(folder, 'tree/usr'), { recursive: true });
  await writeFile(join(temp.path, 'secret'), 'name: secret');
  for (const file of ['keys', 'build.sh', 'fix.patch', 'README.md']) await writeFile(join(folder, file), '');
  await writeFile(join(folder, 'recipe.yaml'), everyFile);
  await rename(join(folder, path), join(folder, 'elsewhere'));
  await replace(join(folder, path));
  return await loadRecipe(folder, temp.path).then(
    () => 'it was taken',
    (error: unknown) => (error instanceof UserError ? error.message : `no UserError: ${String(error)}`),
  );
}

it.each([
  ['tree', 'files[0].from: expected a folder in the recipe’s folder, got "tree"'],
  ['keys', 'artifacts[0].signature.keys: expected a file in the recipe’s folder, got "keys"'],
  ['build.sh', 'build[0].container.script: expected a file in the recipe’s folder, got "build.sh"'],
  ['fix.patch', 'build[0].container.patches[0]: expected a file in the recipe’s folder, got "fix.patch"'],
])(
  'may hold a link in the place of %s when that stays in it, and nothing special',
  async (path, expected) => {
    expect(await withPath(path, (at) => symlink('elsewhere', at))).toBe('it was taken');
    for (const target of ['/etc', '../secret', '..']) {
      const said = await withPath(path, (at) => symlink(target, at));
      expect(said).toMatch(/^demo\/recipe\.yaml:\d+:\d+ /);
      expect(said).toContain(`${expected}: a link that leads out of it`);
    }
    const said = await withPath(path, (at) => void execFileSync('mkfifo', [at]));
    expect(said).toContain(`${expected}: a fifo`);
  },
);

it('is not read through a recipe.yaml that leads out of it, or is no file', async () => {
  expect(await withPath('recipe.yaml', (at) => symlink('elsewhere', at))).toBe('it was taken');
  expect(await withPath('recipe.yaml', (at) => symlink('../secret', at))).toBe(
    'demo/recipe.yaml: expected nothing outside of demo, got a link to "../secret"',
  );
  expect(await withPath('recipe.yaml', (at) => symlink('/proc/self/environ', at))).toContain('got a link to');
  expect(await withPath('recipe.yaml', (at) => void execFileSync('mkfifo', [at]))).toBe(
    'demo/recipe.yaml: expected a file, got a fifo',
  );
  expect(await withPath('recipe.yaml', (at) => void execFileSync('truncate', ['-s', '5G', at]))).toContain(
    'demo/recipe.yaml: expected at most 1048576 bytes',
  );
});
