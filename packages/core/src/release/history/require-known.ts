import { UserError } from '../../diagnostics/user-error.ts';
import { requireExtensionName } from '../../names/extension-name.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { Store } from '../../store/store.ts';
import { publishedVersions } from './published-versions.ts';

/** UserError for a name that nothing is known of: it has no recipe and no published version. */
export async function requireKnown(
  names: readonly string[],
  { store, recipeBook }: { readonly store: Store; readonly recipeBook: RecipeBook },
): Promise<void> {
  for (const name of names) {
    requireExtensionName(name);
    if (recipeBook.folder(name) !== undefined) continue;
    const versions = await publishedVersions(name, { store, names: recipeBook.names });
    if (versions.length > 0) continue;
    throw new UserError(
      'recipe.unknown',
      `${name}: expected an extension with a recipe or a version in ${store.name}, found neither`,
      { hint: 'bakery list shows every recipe, bakery list --published what is published' },
    );
  }
}
