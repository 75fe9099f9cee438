import type { RecipeBook } from '../../recipe/recipe-book.ts';
import { lifeOf } from '../../versions/ends-of-life.ts';
import type { Wanted } from './plan.ts';
import type { Upstream } from './upstream.ts';

/** A wanted version that upstream no longer looks after. */
export interface Ended {
  readonly name: string;
  readonly version: string;
  /** Since this day, when it is known. */
  readonly end?: string;
}

/** Those of `wanted` that are past their end of life, as far as their recipes say where to ask. */
export async function endedAmong(
  wanted: readonly Wanted[],
  { recipeBook, upstream }: { readonly recipeBook: RecipeBook; readonly upstream: Upstream },
): Promise<Ended[]> {
  const looked = wanted.map(async ({ name, version }): Promise<Ended[]> => {
    const { recipe } = await recipeBook.find(name);
    if (recipe.eol === undefined) return [];
    const life = lifeOf(version, (await upstream.lives(name)) ?? []);
    if (life?.hasEnded !== true) return [];
    return [{ name, version, ...(life.end === undefined ? {} : { end: life.end }) }];
  });
  return (await Promise.all(looked)).flat();
}

/** As people read it. */
export function showEnd({ end }: Ended): string {
  return `past its end of life${end === undefined ? '' : ` since ${end}`}`;
}
