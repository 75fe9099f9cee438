import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Recipe } from '@bakery/core/src/recipe/schema.ts';
import { redirectConfig } from '@bakery/redirect/config.ts';
import { redirect } from '@bakery/redirect/redirect.ts';
import { documentation, pageFacts } from './documentation.ts';
import { hub } from './example.ts';
import type { PageFacts } from './page.ts';

const root = join(import.meta.dirname, '../../..');
let pages: ReadonlyMap<string, string>;
let facts: readonly PageFacts[];
beforeAll(async () => {
  [pages, facts] = await Promise.all([documentation(root), pageFacts(root)]);
});

describe('the pages in docs/', () => {
  it('are what the recipes say (pnpm generate)', async () => {
    for (const [path, text] of pages)
      expect(await readFile(join(root, path), 'utf8').catch(() => path)).toBe(text);
  });

  it('are there for every recipe and for nothing else, named like it', async () => {
    const recipes = await readdir(join(root, 'recipes'), { withFileTypes: true });
    const names = recipes.filter((entry) => entry.isDirectory()).map(({ name }) => `${name}.md`);
    expect((await readdir(join(root, 'docs/extensions'))).toSorted()).toEqual(names.toSorted());
  });

  it('link only to files that are there', async () => {
    for (const [path, text] of pages) {
      for (const [, link = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
        const to = join(root, path, '..', link);
        await expect(readFile(to).then(() => to)).resolves.toBe(to);
      }
    }
  });

  it('name only addresses that a hub answers with a file of a release', () => {
    const config = redirectConfig({ repo: 'OWNER/REPO' });
    for (const [path, text] of pages) {
      const addresses = [...text.matchAll(/source: (\S+)/g)].map(([, url = '']) => url);
      expect(path === 'docs/extensions.md' || addresses.length > 0).toBe(true);
      for (const url of addresses) {
        const [, wanted = ''] = url.split(hub);
        const answer = redirect({ method: 'GET', path: `/extensions${wanted}` }, config);
        expect(answer).toMatchObject({
          location: `https://github.com/OWNER/REPO/releases/download${wanted}`,
        });
      }
    }
  });

  it('keep state in /run and name no program in /usr/sbin or unit in /usr/local', () => {
    for (const text of pages.values())
      expect(text).not.toMatch(/\/tmp\/|\/usr\/sbin|\/usr\/local\/lib\/systemd/);
  });

  it('enable only units that are in the image', async () => {
    const wanted = facts.flatMap(({ recipe, wanted: units }) => units.map(({ path }) => ({ recipe, path })));
    expect(wanted.length).toBeGreaterThan(3);
    for (const { recipe, path } of wanted) {
      expect({ path, in: await pathsOf(recipe) }).toEqual({ path, in: expect.arrayContaining([path]) });
    }
  });
});

/** What tree.txt of a recipe lists; where there is none, its static files and what it requires to be there. */
async function pathsOf({ name, files = [], require }: Recipe): Promise<readonly string[]> {
  const folder = join(root, 'recipes', name);
  const tree = await readFile(join(folder, 'tree.txt'), 'utf8').catch(() => undefined);
  if (tree !== undefined) return [...tree.matchAll(/^[-l]\S+ (\S+)/gm)].map(([, path = '']) => path);
  const shipped = files.map(async ({ from }) => {
    const found = await readdir(join(folder, from), { recursive: true });
    return found.map((path) => `/${path}`);
  });
  return [
    ...(await Promise.all(shipped)).flat(),
    ...require.map((one) => (typeof one === 'string' ? one : one.path)),
  ];
}
