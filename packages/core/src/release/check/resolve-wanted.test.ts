import { expect, it } from '@jest/globals';
import { silentReport } from '../../ports/report.ts';
import { parseRecipe } from '../../recipe/load.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import { directoryStore } from '../../store/directory.ts';
import { resolveWanted } from './resolve-wanted.ts';
import type { Upstream } from './upstream.ts';

const recipe = (name: string, latest: string): string => `recipe: 1
name: ${name}
summary: A tool
homepage: https://tool.example/
license: MIT
versions: { from: github-releases, repo: o/${name}, latest: ${latest} }
arch: { x86-64: amd64 }
artifacts: [{ url: 'https://up/{version}', integrity: { none: not signed }, place: /usr/bin/${name} }]
smoke: [{ run: ${name}, prints: ${name} }]
`;

it('asks no upstream before all recipes are read, as their questions share requests', async () => {
  const told: string[] = [];
  const texts = new Map([
    ['quick', recipe('quick', '{ newest: 1 }')],
    ['follower', recipe('follower', '{ follow: slow, infix: + }')],
    ['broken', 'recipe: 1\n'],
    ['slow', recipe('slow', '{ newest: 1 }')],
  ]);
  const recipeBook: RecipeBook = {
    names: [...texts.keys()],
    folder: () => undefined,
    find: async (name) => {
      for (let turn = 0; turn < (name === 'slow' ? 40 : 1); turn++) await Promise.resolve();
      told.push(`read ${name}`);
      return { ...parseRecipe(texts.get(name) ?? '', `${name}/recipe.yaml`), folder: '' };
    },
  };
  const upstream: Upstream = {
    found: () => Promise.reject(new Error('not asked')),
    latest: async (name) => {
      told.push(`ask ${name}`);
      return ['1.0.0'];
    },
    lives: async () => [],
    newest: () => Promise.reject(new Error('not asked')),
  };
  const asked = [...texts.keys()].map((name) => ({ name, version: 'latest', why: 'pinned' as const }));
  const store = directoryStore('/nowhere', 'http://127.0.0.1');
  const nothing = { store, published: new Set<string>(), withdrawn: new Map(), report: silentReport };
  const { wanted, failures } = await resolveWanted(asked, { recipeBook, upstream, ...nothing });
  expect(wanted.map(({ name }) => name)).toEqual(['quick', 'follower', 'slow']);
  expect(failures.map(({ name }) => name)).toEqual(['broken']);
  const firstQuestion = told.findIndex((one) => one.startsWith('ask'));
  expect(told.slice(0, firstQuestion)).toContain('read slow');
});
