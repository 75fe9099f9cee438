import { mkdir, mkdtempDisposable, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatCatalogue } from '@bakery/core/src/catalogue/catalogue.ts';
import { sampleCatalogue } from '@bakery/core/testing/sample-catalogue.ts';
import { runBakery, runWell } from '../../e2e/run-bakery.ts';

let stack: AsyncDisposableStack;
let user: { readonly folder: string; readonly env: Readonly<Record<string, string>> };
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await mkdtempDisposable(join(tmpdir(), 'site-cli-')));
  user = { folder, env: { PATH: process.env['PATH'] ?? '', HOME: folder } };
  await mkdir(join(folder, 'out'));
  await writeFile(join(folder, 'out/catalogue.json'), formatCatalogue(sampleCatalogue));
});
afterAll(() => stack.disposeAsync());

describe('bakery site', () => {
  it('writes the pages of what a store has published', async () => {
    expect((await runWell(user, ['site', '--out', 'pages'])).stdout).toBe('pages: 1 extension\n');
    const page = await readFile(join(user.folder, 'pages/k3s/index.html'), 'utf8');
    expect(page).toContain('k3s-v1.34.2+k3s1-r1-x86-64.raw');
    expect(await readFile(join(user.folder, 'pages/site.js'), 'utf8')).toContain('use strict');
  });

  it('makes no page of what the README of a recipe is a link to', async () => {
    const recipe = join(user.folder, 'recipes/k3s');
    await mkdir(recipe, { recursive: true });
    await writeFile(
      join(recipe, 'recipe.yaml'),
      'recipe: 1\nname: k3s\nsummary: x\nhomepage: https://example.org/\nlicense: MIT\n' +
        "versions: { from: pinned, versions: ['1.0'] }\narch: { x86-64: amd64 }\n",
    );
    await symlink('/etc/passwd', join(recipe, 'README.md'));
    const { code, stderr } = await runBakery(user, ['site', '--out', 'linked', '--recipes', 'recipes']);
    expect(stderr).toContain('README.md: expected nothing outside of');
    expect(code).toBe(1);
  });

  it('replaces nothing of somebody', async () => {
    const { code, stderr } = await runBakery(user, ['site', '--out', '.']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('or an empty one') });
  });

  it('says what to do where nothing was published', async () => {
    await mkdir(join(user.folder, 'empty'));
    const { code, stderr } = await runBakery(user, ['site', '--store', 'dir:empty', '--out', 'none']);
    expect(code).toBe(1);
    expect(stderr).toContain('dir:empty: expected catalogue.json, found none\n');
  });
});
