import { UserError } from '../../diagnostics/user-error.ts';
import { own } from '../../language/own.ts';
import { nextRevision, upstreamVersion } from '../../names/revision.ts';
import { versionsByName } from '../../names/versions-by-name.ts';
import type { LoadedRecipe } from '../../recipe/loaded.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { Store } from '../../store/store.ts';
import { compareVersions, newestFirst } from '../../systemd/compare.ts';
import { readRecord } from '../history/read-record.ts';
import { chooseOptions } from './choose-options.ts';
import { planBuilds, type Wanted } from './plan.ts';
import type { Failure } from './resolve-wanted.ts';
import type { Upstream } from './upstream.ts';

export interface SecondProductContext {
  readonly recipeBook: RecipeBook;
  readonly upstream: Upstream;
  readonly store: Store;
  /** Tags the store has. */
  readonly published: ReadonlySet<string>;
}

/**
 * Revisions of those `wanted` that are published, where the recipe says that a newer second product is worth one: an option
 * whose default is a version source has a newer version than its newest revision was made with.
 */
export async function secondProductRevisions(
  wanted: readonly Wanted[],
  context: SecondProductContext,
): Promise<{ readonly revisions: readonly Wanted[]; readonly failures: readonly Failure[] }> {
  const listed = planBuilds(wanted, context.published).published.filter(({ why }) => why !== 'asked');
  const found = await Promise.all(listed.map((one) => revisionOf(one, context)));
  return {
    revisions: found.flatMap((one) => (one === undefined || 'error' in one ? [] : [one])),
    failures: found.flatMap((one) => (one !== undefined && 'error' in one ? [one] : [])),
  };
}

async function revisionOf(
  { name, version, why }: Wanted,
  context: SecondProductContext,
): Promise<Wanted | Failure | undefined> {
  const { recipeBook, published, store } = context;
  const loaded = await recipeBook.find(name);
  if (loaded.recipe.revise !== 'on-second-product') return undefined;
  const base = upstreamVersion(version);
  const all = versionsByName(published, [...recipeBook.names, name]).get(name) ?? [];
  const revisions = all.filter((one) => upstreamVersion(one) === base).toSorted(newestFirst);
  const [newest = version] = revisions;
  try {
    const record = await readRecord(name, newest, store);
    const [image] = Object.values(record?.images ?? {});
    // Of what nobody recorded nobody can say that it is old.
    if (image === undefined) return undefined;
    const newer = await newerOptions(base, loaded, image.options, context);
    if (newer.length === 0) return undefined;
    return { name, version: nextRevision(base, revisions), why, revise: newer.join(', ') };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name, version, error };
  }
}

/** As `runc-version: 1.3.0 → 1.3.1`. */
async function newerOptions(
  version: string,
  { recipe }: LoadedRecipe,
  made: Readonly<Record<string, string>>,
  { upstream }: SecondProductContext,
): Promise<readonly string[]> {
  const now = await chooseOptions(recipe, version, upstream);
  return Object.entries(recipe.options).flatMap(([option, { default: source }]) => {
    const [before, today] = [own(made, option), own(now, option)];
    if (typeof source !== 'object' || before === undefined || today === undefined) return [];
    return compareVersions(today, before) > 0 ? [`${option}: ${before} → ${today}`] : [];
  });
}
