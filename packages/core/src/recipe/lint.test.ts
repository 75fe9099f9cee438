import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { lintRecipe } from './lint.ts';
import { loadRecipe } from './load.ts';
import { loadRecipeBook } from './recipe-book.ts';
import { newRecipe, starterKinds } from './scaffold.ts';

const clean = `recipe: 1
name: demo
summary: A demo
homepage: https://example.org/
license: MIT
versions: { from: pinned, versions: [1.0.0] }
arch: { x86-64: amd64 }
smoke: [{ run: demo, prints: demo }]
`;
const cleanFiles = { 'README.md': '# demo\n', 'files/usr/share/licenses/demo/LICENSE': 'MIT\n' };

async function lint(recipe: string, files: Readonly<Record<string, string>> = cleanFiles): Promise<string[]> {
  await using temp = await mkdtempDisposable(join(tmpdir(), 'lint-'));
  const folder = join(temp.path, 'demo');
  for (const [path, text] of Object.entries({ 'recipe.yaml': recipe, ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const findings = await lintRecipe(await loadRecipe(folder, temp.path));
  return findings.map(({ code, place }) => `${code.replace('lint.', '')}:${place.line}`);
}

describe('lint', () => {
  it('has nothing to say about a clean recipe', async () => {
    expect(await lint(clean)).toEqual([]);
  });

  it.each([
    ['smoke', clean.replace(/smoke.*\n/, ''), 'smoke:1'],
    [
      'https',
      `${clean}artifacts: [{ url: http://e.org/x, integrity: github, place: /usr/x }]\n`.replace(
        'github',
        "{ from: '{url}.s' }",
      ),
      'https:9',
    ],
    [
      'integrity',
      `${clean}artifacts: [{ url: https://e.org/x, integrity: { none: why not }, place: /usr/x }]\n`,
      'integrity:9',
    ],
    ['reload', `${clean}reload: true\n`, 'reload:9'],
    ['no-sbin', `${clean}links: [{ path: /usr/sbin/x, to: y }]\n`, 'no-sbin:9'],
    ['no-usr-local', `${clean}links: [{ path: /usr/local/bin/x, to: y }]\n`, 'no-usr-local:9'],
    [
      'drop-in',
      `${clean}reload: true\nlinks: [{ path: /usr/lib/systemd/system/a.target.d/b.service, to: y }]\n`,
      'drop-in:10',
    ],
    [
      'covers-host',
      `${clean}text: [{ path: /usr/lib/modules/6.1/modules.dep, content: "x\\n" }]\n`,
      'covers-host:9',
    ],
    [
      'exec-variable',
      `${clean}reload: true\ntext: [{ path: /usr/lib/systemd/system/a.service, content: "[Service]\\nExecStart=\${BIN} run\\n" }]\n`,
      'exec-variable:10',
    ],
    ['upheld', `${clean}reload: true\nunits: [{ name: demo.service, start: merge }]\n`, 'upheld:10'],
    ['final-newline', `${clean}text: [{ path: /usr/x, content: y }]\n`, 'final-newline:9'],
    ['unused-option', `${clean}options: { x: { help: X } }\n`, 'unused-option:9'],
    [
      'pinned-image',
      `${clean}build: [{ oci-rootfs: { image: e.org/x, take: { usr: /usr } } }]\n`,
      'pinned-image:9',
    ],
    [
      'unproved-script',
      `${clean}build: [{ script: { image: 'e.org/x@sha256:${'a'.repeat(64)}', file: recipe.yaml } }]\n`,
      'unproved-script:9',
    ],
    ['unfinished', clean.replace('A demo', 'FILL-IN'), 'unfinished:3'],
  ])('finds %s', async (_rule, recipe, finding) => {
    expect(await lint(recipe)).toEqual([finding]);
  });

  it('looks at static files too', async () => {
    const files = {
      'files/usr/lib/systemd/system/demo.service': '[Service]',
      'files/usr/lib/systemd/system/multi-user.target.d/demo.service': '[Unit]\n',
      'files/usr/sbin/demo': 'x\n',
    };
    expect((await lint(clean, files)).toSorted()).toEqual([
      'drop-in:1',
      'final-newline:1',
      'license-file:5',
      'no-sbin:1',
      'readme:1',
      'reload:1',
    ]);
  });

  it.each([
    ['MIT AND (Apache-2.0 OR LicenseRef-Ours)', []],
    ['MIT License', ['license:5']],
    ['GPL-9.0', ['license:5']],
  ])('takes a licence only by the names of SPDX: %s', async (license, expected) => {
    const found = await lint(clean.replace('license: MIT', `license: ${license}`), cleanFiles);
    expect(found.filter((line) => line.startsWith('license:'))).toEqual(expected);
  });

  it.each([
    ['merge', [], ['upheld:10']],
    ['merge', ['multi-user.target.d/a.conf'], []],
    ['merge', ['multi-user.target.d/a.conf', 'multi-user.target.upholds/demo.service'], ['upheld:10']],
    ['user', ['multi-user.target.d/a.conf'], ['upheld:10']],
    ['choice', [], []],
  ])('wants a unit with start: %s and %j upheld as often as that says', async (start, files, found) => {
    const recipe = `${clean}reload: true\nunits: [{ name: demo.service, start: ${start} }]\n`;
    const upholds = files.map((file) => [
      `files/usr/lib/systemd/system/${file}`,
      '[Unit]\nUpholds=other.service demo.service\n',
    ]);
    expect(await lint(recipe, { ...cleanFiles, ...Object.fromEntries(upholds) })).toEqual(found);
  });

  it.each([
    ['After=network-online.target', ['network-online:1']],
    ['After=network-online.target\nWants=a.target network-online.target', []],
    ['After=network.target', []],
  ])('looks at %j of a unit', async (unit, found) => {
    const files = { ...cleanFiles, 'files/usr/lib/systemd/system/demo.service': `[Unit]\n${unit}\n` };
    const recipe = `${clean}reload: true\nunits: [{ name: demo.service, start: user }]\n`;
    expect(await lint(recipe, files)).toEqual(found);
  });

  it('has nothing to say about the recipes of this repository but where upstream proves nothing', async () => {
    const recipeBook = await loadRecipeBook([fileURLToPath(new URL('../../../../recipes', import.meta.url))]);
    const found = await Promise.all(
      recipeBook.names.map(async (name) => {
        const findings = await lintRecipe(await recipeBook.find(name));
        return findings.map(({ code, message }) => ({ name, code, message }));
      }),
    );
    expect(found.flat().filter(({ code }) => code !== 'lint.integrity')).toEqual([]);
  });
});

describe('a starter recipe', () => {
  it.each(starterKinds)('of kind %s loads, and lint asks for nothing but the markers', async (kind) => {
    const [recipe, ...files] = newRecipe('demo', kind);
    const content = Object.fromEntries(files.map((file) => [file.path, file.content]));
    const rules = (await lint(recipe?.content ?? '', content)).map((finding) => finding.split(':', 1)[0]);
    expect(new Set(rules)).toEqual(new Set(['unfinished']));
  });

  it('needs a name an extension can have', () => {
    expect(() => newRecipe('Demo')).toThrow('Demo: expected lower-case letters');
    expect(() => newRecipe('demo-1.2')).toThrow('demo-1.2: expected lower-case letters');
    expect(() => newRecipe('demo-2')).toThrow('expected a name that does not end like a version');
  });
});
