import { resolve } from 'node:path';
import type { KeyPath } from '../diagnostics/key-path.ts';
import { loadRecipeBook, withFallback, type RecipeBook } from '../recipe/recipe-book.ts';
import { withSettings } from '../recipe/with-settings.ts';
import { withoutReserved } from '../recipe/without-reserved.ts';
import type { ReleaseEntry } from '../release/check/release-list.ts';
import { type Config, publishesKeys } from './bakery-yaml.ts';
import { type Choices, readConfig, readReleaseList } from './choices.ts';
import type { HostProcess } from './host-process.ts';

/**
 * The caller’s recipes, and those of the bakery that the caller has not got, all with the settings of bakery.yaml and
 * the release list.
 */
export async function openRecipeBook(
  choices: Pick<Choices, 'recipes' | 'config' | 'list'>,
  io: HostProcess,
): Promise<RecipeBook> {
  const config = await readConfig(choices, io);
  const { settings, extensions = {}, locate } = config;
  // Whoever needs the list is told what is wrong with it.
  const list = await readReleaseList(choices.list ?? config.list, io).catch((): ReleaseEntry[] => []);
  const inConfig = Object.entries(extensions).map(([name, own]) => ({
    name,
    settings: own,
    locate: (path: KeyPath) => locate(['extensions', name, ...path]),
  }));
  const inList = list.flatMap(({ name, written }) => (written === undefined ? [] : [{ name, ...written }]));
  const all =
    settings === undefined ? [] : [{ settings, locate: (path: KeyPath) => locate(['settings', ...path]) }];
  const book = withSettings(await recipesOf(choices, config, io), { all, each: [...inConfig, ...inList] });
  return publishesKeys(config) ? withoutReserved(book) : book;
}

async function recipesOf(
  choices: Pick<Choices, 'recipes'>,
  config: Config,
  io: HostProcess,
): Promise<RecipeBook> {
  const folders = (choices.recipes ?? config.recipes ?? []).map((folder) => resolve(io.cwd, folder));
  const own = await loadRecipeBook([io.ownRecipes], io.cwd);
  return folders.length === 0 ? own : withFallback(await loadRecipeBook(folders, io.cwd), own);
}
