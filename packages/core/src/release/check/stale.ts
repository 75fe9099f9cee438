import { own } from '../../language/own.ts';
import { upstreamVersion } from '../../names/revision.ts';
import type { Inputs } from '../../provenance/inputs.ts';
import { hashRecipe } from '../../recipe/hash-recipe.ts';
import type { LoadedRecipe } from '../../recipe/loaded.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { Store } from '../../store/store.ts';
import { publishedVersions } from '../history/published-versions.ts';
import { readRecord } from '../history/read-record.ts';
import { chooseOptions } from './choose-options.ts';
import { chooseImage } from './image-settings.ts';
import type { Wanted } from './plan.ts';
import type { Upstream } from './upstream.ts';

/** A published version that would be made from other things today. */
export interface Stale {
  readonly name: string;
  readonly version: string;
  /** What would differ, in words; empty when nobody recorded what it was made from. */
  readonly differs: readonly string[];
}

export interface StaleContext {
  readonly recipeBook: RecipeBook;
  readonly upstream: Upstream;
  readonly store: Store;
}

/** The newest revision of each of `published`, held against the recipe, its options and second products of today. */
export async function staleVersions(published: readonly Wanted[], context: StaleContext): Promise<Stale[]> {
  const looked = published.map(async ({ name, version: wanted }): Promise<Stale[]> => {
    const all = await publishedVersions(name, { ...context, names: context.recipeBook.names });
    const version = all.find((one) => one === wanted || upstreamVersion(one) === wanted) ?? wanted;
    const record = await readRecord(name, version, context.store);
    if (record === undefined) return [{ name, version, differs: [] }];
    const loaded = await context.recipeBook.find(name);
    const differs = await differences(record, loaded, context);
    return differs.length === 0 ? [] : [{ name, version, differs }];
  });
  return (await Promise.all(looked)).flat();
}

async function differences(
  record: Inputs,
  loaded: LoadedRecipe,
  { upstream }: StaleContext,
): Promise<string[]> {
  const { recipe } = loaded;
  const options = await chooseOptions(recipe, record.version, upstream);
  const [image] = Object.values(record.images);
  if (image === undefined) return [];
  const { format } = chooseImage({ epoch: 0 }, loaded);
  const names = [...new Set([...Object.keys(image.options), ...Object.keys(options)])].toSorted();
  return [
    ...(record.recipe.sha256 === (await hashRecipe(loaded.folder)) ? [] : ['recipe changed']),
    ...names.flatMap((name) => changed(name, own(image.options, name), own(options, name))),
    ...changed('format', image.format, format),
  ];
}

function changed(what: string, before = '', now = ''): string[] {
  return before === now ? [] : [`${what}: "${before}" → "${now}"`];
}
