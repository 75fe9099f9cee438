import { showPlace } from '../diagnostics/place.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { kindOfSource } from '../versions/sources/sources.ts';
import { applySettings } from './apply-settings.ts';
import type { RecipeBook } from './recipe-book.ts';
import type { Recipe } from './schema.ts';
import type { Settings, Written } from './settings.ts';

/** What a bakery wants of all its extensions, and of single ones; what comes later counts more. */
export interface Wishes {
  readonly all: readonly Written<Settings>[];
  readonly each: readonly (Written & { readonly name: string })[];
}

/**
 * The recipes as a bakery wants them, those among them that it publishes under other names. A wish that cannot be met
 * is a UserError of that extension alone.
 */
export function withSettings(recipeBook: RecipeBook, { all, each }: Wishes): RecipeBook {
  const renamed = new Map(
    each.flatMap(({ name, settings }) =>
      settings.recipe === undefined || settings.recipe === name ? [] : [[name, settings.recipe]],
    ),
  );
  const names = [...new Set([...recipeBook.names, ...renamed.keys()])].toSorted();
  return {
    names,
    folder: (name) => recipeBook.folder(renamed.get(name) ?? name),
    find: async (name) => {
      const own = each.filter((wish) => wish.name === name);
      refuseTaken(name, own, recipeBook);
      const loaded = await recipeBook.find(renamed.get(name) ?? name);
      for (const wish of own) refuseAge(loaded.recipe, wish);
      return [...all, ...own].reduce((changed, wish) => applySettings(changed, name, wish), loaded);
    },
  };
}

/** What is wanted of all is wanted of those that can be told apart by age; of one alone it would be a mistake. */
function refuseAge({ name, versions }: Recipe, { settings, locate }: Written): void {
  if (settings['max-age'] === undefined || kindOfSource(versions).tellsDates?.(versions) === true) return;
  const got = `got ${versions.from}, for ${name}`;
  throw new UserError(
    'recipe.invalid',
    `${showPlace(locate(['max-age']))} max-age: expected a recipe whose source says when versions were published, ${got}`,
    {
      hint: 'github-releases does, and forgejo with its releases; range: in a recipe leaves old versions out by number',
    },
  );
}

function refuseTaken(name: string, own: Wishes['each'], recipeBook: RecipeBook): void {
  const wish = own.find(({ settings: { recipe = name } }) => recipe !== name);
  if (wish === undefined || recipeBook.folder(name) === undefined) return;
  throw new UserError(
    'recipe.twice',
    `${showPlace(wish.locate(['recipe']))} expected a name that no recipe has, got "${name}" for ${wish.settings.recipe}`,
  );
}
