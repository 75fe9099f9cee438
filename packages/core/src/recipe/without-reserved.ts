import { UserError } from '../diagnostics/user-error.ts';
import { keysExtension } from '../names/keys-extension.ts';
import type { RecipeBook } from './recipe-book.ts';

/** `recipeBook` for a bakery that publishes its keys: a recipe of that name would be published in the same place. */
export function withoutReserved(recipeBook: RecipeBook): RecipeBook {
  return {
    ...recipeBook,
    find: (name) =>
      name === keysExtension && recipeBook.folder(name) !== undefined
        ? Promise.reject(reserved())
        : recipeBook.find(name),
  };
}

function reserved(): UserError {
  return new UserError(
    'recipe.reserved',
    `${keysExtension}: expected another name: under this one the public keys of a signed feed are published`,
    {
      hint: 'rename the recipe, or say sign: {keys-extension: off} in bakery.yaml where the keys need no extension',
    },
  );
}
