import { expect, it } from '@jest/globals';
import { silentReport } from '../../ports/report.ts';
import { spawnExec } from '../../ports/spawn.ts';
import { parseRecipe } from '../../recipe/load.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { Settings } from '../../recipe/settings.ts';
import { withSettings } from '../../recipe/with-settings.ts';
import { upstreamOf, type Upstream } from './upstream.ts';

const now = Date.UTC(2026, 10, 28);
const place = { file: 'bakery.yaml', line: 1, column: 1 };
const released = new Map([
  ['v3.0.0', '2026-11-01T00:00:00Z'],
  ['v2.9.0', '2026-02-01T00:00:00Z'],
  ['v1.9.0', '2024-05-01T00:00:00Z'],
]);

it('counts no version as latest that upstream published too long ago', async () => {
  expect(await latest({})).toEqual(['3.0.0', '2.9.0', '1.9.0']);
  expect(await latest({ 'max-age': 365 })).toEqual(['3.0.0', '2.9.0']);
});

it('keeps the newest for ever, and the next one where that was taken back', async () => {
  expect(await latest({ 'max-age': 1 })).toEqual(['3.0.0']);
  expect(await latest({ 'max-age': 1 }, new Set(['3.0.0']))).toEqual(['2.9.0']);
});

it('is the same with what a run remembers of upstream', async () => {
  const kept = new Map<string, string>();
  expect(await latest({ 'max-age': 365 }, new Set(), kept)).toEqual(['3.0.0', '2.9.0']);
  expect(await latest({ 'max-age': 365 }, new Set(), kept)).toEqual(['3.0.0', '2.9.0']);
  expect(kept.size).toBe(1);
});

function latest(settings: Settings, except?: ReadonlySet<string>, kept = new Map<string, string>()) {
  return upstreamFor(settings, kept).latest('tool', except);
}

const never = () => Promise.reject(new Error('nobody asks for that'));

function upstreamFor(settings: Settings, kept: Map<string, string>): Upstream {
  const releases = [...released].map(([tag_name, published_at]) => ({
    tag_name,
    draft: false,
    prerelease: false,
    published_at,
  }));
  const http = {
    bytes: never,
    text: never,
    get: async (url: string) => ({
      status: 200,
      url,
      headers: new Headers(),
      body: new Blob([JSON.stringify(releases)]).stream(),
    }),
  };
  return upstreamOf(withSettings(book, { all: [{ settings, locate: () => place }], each: [] }), {
    ports: { http, report: silentReport, exec: spawnExec({}) },
    now: () => now,
    remember: async ({ key }, ask) => {
      const text = kept.get(key) ?? (await ask());
      kept.set(key, text);
      return text;
    },
  });
}

const recipe = `recipe: 1
name: tool
summary: A tool
homepage: https://example.org/
license: MIT
versions: { from: github-releases, repo: octo/tool, strip: v, latest: { majors: 3 } }
arch: { x86-64: amd64, arm64: arm64 }
artifacts:
  - { url: 'https://example.org/{version}/{arch}', integrity: { none: made up }, place: /usr/bin/tool }
smoke:
  - { run: tool, prints: tool }
`;
const book: RecipeBook = {
  names: ['tool'],
  folder: () => '/nowhere',
  find: () => Promise.resolve({ ...parseRecipe(recipe, 'recipe.yaml'), folder: '/nowhere' }),
};
