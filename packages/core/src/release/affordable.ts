import { globalTag } from '../names/manifest-name.ts';
import { parseTag } from '../names/tag.ts';
import { recipeArches } from '../recipe/recipe-arches.ts';
import type { RecipeBook } from '../recipe/recipe-book.ts';
import type { Recipe } from '../recipe/schema.ts';
import { imagesBesideIndex } from './metadata.ts';
import type { Wanted } from './plan.ts';
import { transferFilesOf, type Target } from './transfer-files.ts';
import { withinBudget, type Candidate, type IndexStanding } from './within-budget.ts';

export interface AffordContext extends Target {
  readonly recipeBook: RecipeBook;
  /** Every tag the store has. */
  readonly tags: ReadonlySet<string>;
  /** Hours of the store’s limits that the run may use. */
  readonly hours: number;
  /** Whose indexes are brought up to date by the run. */
  readonly extensions: readonly string[];
}

export interface Afforded {
  readonly chosen: readonly Wanted[];
  readonly deferred: readonly Wanted[];
  /** When the store takes more; milliseconds since 1970, when known. */
  readonly until: number | undefined;
}

const recordAndManifest = 2;

/** The first of `wanted` that the store lets a run publish, with the indexes that name them. */
export async function affordable(wanted: readonly Wanted[], context: AffordContext): Promise<Afforded> {
  const { recipeBook, store, tags, hours, extensions } = context;
  const budget = await store.budget();
  if (budget === undefined) return { chosen: wanted, deferred: [], until: undefined };
  const isBeside = imagesBesideIndex(context) !== 'none';
  const recipes = new Map<string, Recipe>();
  for (const name of new Set([...wanted.map((one) => one.name), ...extensions])) {
    if (recipeBook.folder(name) !== undefined) recipes.set(name, (await recipeBook.find(name)).recipe);
  }
  const transfersOf = (name: string, versions: readonly string[]): number =>
    transferFilesOf(recipes.get(name) ?? { name, streams: undefined }, versions, context, false).length;
  const archesOf = (name: string): number => {
    const recipe = recipes.get(name);
    return recipe === undefined ? 0 : recipeArches(recipe).length;
  };
  const candidates = wanted.map((one): Candidate => ({
    wanted: one,
    files: archesOf(one.name) + transfersOf(one.name, [one.version]) + recordAndManifest,
    besideIndex: isBeside ? archesOf(one.name) : 0,
  }));
  const published = versionsIn(tags, recipeBook.names);
  const standingOf = (name: string): IndexStanding => {
    const there = published.get(name) ?? [];
    const isNew = !tags.has(name);
    const coming = wanted.filter((one) => one.name === name).map(({ version }) => version);
    const images = isBeside ? archesOf(name) * there.length : 0;
    const missing = isNew ? images + transfersOf(name, [...there, ...coming]) + 1 : 0;
    return { isNew, isOverdue: isNew && there.length > 0, missing };
  };
  const { chosen, deferred } = withinBudget(candidates, {
    budget,
    hours,
    standingOf,
    isGlobalNew: !tags.has(globalTag),
    extensions,
  });
  return {
    chosen: chosen.map((one) => one.wanted),
    deferred: deferred.map((one) => one.wanted),
    until: budget.until,
  };
}

function versionsIn(
  tags: ReadonlySet<string>,
  names: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const versions = [...tags].flatMap((text) => {
    const tag = parseTag(text, names);
    return tag.kind === 'version' ? [tag] : [];
  });
  return new Map(
    [...Map.groupBy(versions, ({ name }) => name)].map(([name, found]) => [
      name,
      found.map(({ version }) => version),
    ]),
  );
}
