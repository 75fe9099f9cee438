import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadRecipeBook } from './recipe-book.ts';
import type { Recipe } from './schema.ts';

const folder = join(import.meta.dirname, '../../../../recipes');

let recipes: ReadonlyMap<string, Recipe>;
beforeAll(async () => {
  const recipeBook = await loadRecipeBook([folder]);
  const loaded = await Promise.all(
    recipeBook.names.map(async (name) => (await recipeBook.find(name)).recipe),
  );
  recipes = new Map(loaded.map((recipe) => [recipe.name, recipe]));
});

describe('two recipes whose images share a path', () => {
  it('declare it', async () => {
    const owners = new Map<string, Set<string>>();
    for (const name of recipes.keys()) {
      for (const path of await pathsIn(name)) owners.set(path, (owners.get(path) ?? new Set()).add(name));
    }
    const shared = [...owners].filter(([, names]) => names.size > 1);
    expect(shared.map(([path]) => path)).toContain('/usr/bin/containerd');
    const silent = shared.flatMap(([path, names]) =>
      pairs([...names])
        .filter(([a, b]) => !conflict(a, b) && !conflict(b, a))
        .map(([a, b]) => `${path}: ${a} and ${b}`),
    );
    expect(silent).toEqual([]);
  });
});

/** Files and links of every build that `tree.txt` lists. */
async function pathsIn(name: string): Promise<ReadonlySet<string>> {
  const text = await readFile(join(folder, name, 'tree.txt'), 'utf8').catch(() => '');
  return new Set([...text.matchAll(/^[-l]\S+ (\/.*?)(?: -> .*)?$/gm)].map(([, path = '']) => path));
}

function conflict(name: string, other: string): boolean {
  return recipes.get(name)?.conflicts.some((relation) => relation.name === other) ?? false;
}

function pairs(names: readonly string[]): [string, string][] {
  return names.flatMap((a, index) => names.slice(index + 1).map((b): [string, string] => [a, b]));
}
