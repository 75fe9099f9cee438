import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expandRecipe } from './expand.ts';
import { type RecipeBook, loadRecipeBook } from './recipe-book.ts';
import type { ExtensionSettings } from './settings.ts';
import { withSettings } from './with-settings.ts';

const locate = () => ({ file: 'bakery.yaml', line: 3, column: 5 });
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
let recipeBook: RecipeBook;
beforeAll(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'settings-'));
  for (const name of ['tool', 'other']) {
    await mkdir(join(folder.path, name));
    await writeFile(join(folder.path, name, 'recipe.yaml'), recipe(name));
  }
  recipeBook = await loadRecipeBook([folder.path]);
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('recipes with settings', () => {
  it('publishes one under another name, with other options, and leaves the recipe itself alone', async () => {
    const wished = wish('tool-only', {
      recipe: 'tool',
      options: { without: 'b' },
      format: 'erofs',
      level: 3,
    });
    expect(wished.names).toEqual(['other', 'tool', 'tool-only']);
    const only = await wished.find('tool-only');
    expect(only).toMatchObject({
      own: 'tool',
      image: { format: 'erofs', level: 3 },
      recipe: { name: 'tool-only' },
    });
    expect(only.recipe.options['without']).toMatchObject({ default: 'b' });
    const work = expandRecipe(only, { version: '1.0', arch: 'x86-64', options: { without: 'b' } });
    // {name} is what the recipe calls itself: it stands in addresses and paths of upstream.
    expect(work.texts).toMatchObject([{ path: '/usr/share/tool/x', content: 'b' }]);
    expect((await wished.find('tool')).recipe.options['without']).toMatchObject({ default: '' });
  });

  it('takes those of one extension before those of all', async () => {
    const wished = withSettings(recipeBook, {
      all: [{ settings: { format: 'erofs', compression: 'lz4', streams: ['minor'] }, locate }],
      each: [{ name: 'tool', settings: { format: 'squashfs', latest: { newest: 3 } }, locate }],
    });
    const { recipe: tool, image } = await wished.find('tool');
    // A compressor goes with its format.
    expect(image).toEqual({ format: 'squashfs' });
    expect(tool).toMatchObject({ streams: ['minor'], versions: { latest: { newest: 3 } } });
    expect(await wished.find('other')).toMatchObject({ image: { format: 'erofs', compression: 'lz4' } });
  });

  it.each<[string, ExtensionSettings, string]>([
    [
      'tool',
      { options: { witout: 'b' } },
      'options.witout: expected an option of tool: without; did you mean without?',
    ],
    ['tool', { options: { without: 'c' } }, 'options.without: expected one of , a, b, got "c"'],
    [
      'tool',
      { 'max-age': 365 },
      'max-age: expected a recipe whose source says when versions were published, got pinned, for tool',
    ],
    ['other', { recipe: 'tool' }, 'expected a name that no recipe has, got "other" for tool'],
  ])('of %s refuses %j where it stands, and nothing else', async (name, settings, problem) => {
    const wished = wish(name, settings);
    await expect(wished.find(name)).rejects.toThrow(`bakery.yaml:3:5 ${problem}`);
    expect((await wished.find(name === 'tool' ? 'other' : 'tool')).recipe).toBeDefined();
  });
});

function wish(name: string, settings: ExtensionSettings): RecipeBook {
  return withSettings(recipeBook, { all: [], each: [{ name, settings, locate }] });
}

function recipe(name: string): string {
  return `recipe: 1
name: ${name}
summary: A tool
homepage: https://example.org/
license: MIT
versions: { from: pinned, versions: ['1.0'] }
arch: { x86-64: amd64 }
options:
  without: { help: What to leave out., default: '', values: ['', a, b] }
text: [{ path: '/usr/share/{name}/x', content: '{without}' }]
`;
}
