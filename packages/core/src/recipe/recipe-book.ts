import { lstat, readdir, realpath } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { nearestName, nearNames } from '../diagnostics/near-names.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { whatStandsAt } from '../lifetime/named-file.ts';
import { oncePerKey } from '../lifetime/once.ts';
import { loadRecipe, recipeFile } from './load.ts';
import type { LoadedRecipe } from './loaded.ts';

/** The recipes of one or more folders. A recipe is read when it is first asked for, so a broken one hurts nobody else. */
export interface RecipeBook {
  /** Sorted. */
  readonly names: readonly string[];
  /** Folder of a recipe; `undefined` when there is none of that name. */
  folder(name: string): string | undefined;
  /** UserError when there is no such recipe, or it is broken. */
  find(name: string): Promise<LoadedRecipe>;
}

/**
 * Looks for recipes. Each of `folders` (absolute) is a recipe itself or holds recipes. Two recipes of one name
 * are a UserError. Errors name files relative to `from`, when given.
 */
export async function loadRecipeBook(folders: readonly string[], from?: string): Promise<RecipeBook> {
  const shown = (path: string): string => (from === undefined ? path : relative(from, path) || '.');
  const found = new Map<string, string>();
  for (const folder of (await Promise.all(folders.map((one) => recipesIn(one, shown)))).flat()) {
    const name = basename(folder);
    const other = found.get(name);
    if (other !== undefined && (await realpath(other)) !== (await realpath(folder))) {
      throw new UserError(
        'recipe.twice',
        `${shown(folder)}: expected recipes of different names, got "${name}" in ${shown(other)} too`,
      );
    }
    if (other === undefined) found.set(name, folder);
  }
  const names = [...found.keys()].toSorted();
  const read = new Map<string, Promise<LoadedRecipe>>();
  return {
    names,
    folder: (name) => found.get(name),
    find: async (name) => {
      const folder = found.get(name);
      if (folder === undefined) throw notFound(name, names, ` in ${folders.map(shown).join(', ')}`);
      return oncePerKey(read, name, () => loadRecipe(folder, from));
    },
  };
}

async function recipesIn(folder: string, shown: (path: string) => string): Promise<string[]> {
  if (await isRecipe(folder)) return [folder];
  const found = await whatStandsAt(folder);
  if (found !== 'a folder')
    throw new UserError('recipe.missing', `${shown(folder)}: expected a folder with recipes, found ${found}`);
  const entries = await readdir(folder, { withFileTypes: true });
  const candidates = entries
    .filter((entry) => !entry.name.startsWith('.') && !entry.isFile())
    .map((entry) => join(folder, entry.name));
  const checks = await Promise.all(candidates.map(async (path) => ((await isRecipe(path)) ? [path] : [])));
  return checks.flat();
}

/** Whatever is there, `loadRecipe` says what is wrong with it. */
async function isRecipe(folder: string): Promise<boolean> {
  return (await lstat(join(folder, recipeFile)).catch(() => undefined)) !== undefined;
}

function notFound(name: string, names: readonly string[], where = ''): UserError {
  const meant = nearestName(name, names);
  const near = nearNames(name, names);
  const others = names.length > near.length ? ` and ${names.length - near.length} others` : '';
  const known = names.length === 0 ? 'there are none' : `${near.join(', ')}${others}`;
  return new UserError('recipe.unknown', `${name}: expected the name of a recipe${where}: ${known}`, {
    hint:
      meant === undefined
        ? 'bakery list shows every recipe; bakery new starts one'
        : `did you mean ${meant}?`,
  });
}

/** All recipes of `first`, and those of `fallback` whose names `first` does not have. */
export function withFallback(first: RecipeBook, fallback: RecipeBook): RecipeBook {
  const names = [...new Set([...first.names, ...fallback.names])].toSorted();
  const holder = (name: string): RecipeBook => (first.folder(name) === undefined ? fallback : first);
  return {
    names,
    folder: (name) => holder(name).folder(name),
    find: async (name) => {
      if (!names.includes(name)) throw notFound(name, names);
      return holder(name).find(name);
    },
  };
}
