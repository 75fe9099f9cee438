import { UserError } from '../../diagnostics/user-error.ts';
import { bareVersion } from '../../names/bare.ts';
import { requirePublishable } from '../../names/publishable.ts';
import { isRevision, nextRevision, upstreamVersion } from '../../names/revision.ts';
import { tagOf } from '../../names/tag.ts';
import { versionsByName } from '../../names/versions-by-name.ts';
import type { Report } from '../../ports/report.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { Recipe } from '../../recipe/schema.ts';
import type { Store } from '../../store/store.ts';
import { formVersion, normaliseVersion, spellingIn } from '../../versions/normalise.ts';
import type { AllWithdrawals } from './heed-withdrawals.ts';
import type { Excepted } from './incomplete.ts';
import type { Wanted } from './plan.ts';
import { answeredLatest, type Waiting } from './unanswered.ts';
import { unfinishedRevision } from './unfinished-revision.ts';
import type { Upstream } from './upstream.ts';

/** What somebody asked for: an extension, and a version or `latest`. */
export interface VersionRequest {
  readonly name: string;
  readonly version: string;
  readonly why: 'pinned' | 'asked';
  /** Why it is pinned, when the release list says so. */
  readonly reason?: string;
  /** Why a published version is to be revised. */
  readonly revise?: string;
}

/** An extension that could not be dealt with; the others go on. */
export interface Failure {
  readonly name: string;
  readonly version?: string;
  readonly error: UserError;
}

export interface ResolveContext {
  readonly recipeBook: RecipeBook;
  readonly upstream: Upstream;
  readonly report: Report;
  readonly store: Store;
  /** Tags the store has. */
  readonly published: ReadonlySet<string>;
  /** What was taken back is not "latest". */
  readonly withdrawn: AllWithdrawals;
  /** Nor is what upstream has no files of. */
  readonly incomplete?: Excepted;
}

export interface Resolved {
  readonly wanted: readonly Wanted[];
  readonly waiting: readonly Waiting[];
  readonly failures: readonly Failure[];
}

/** Turns `latest` and loosely written versions into published ones. One that fails does not stop the others. */
export async function resolveWanted(
  asked: readonly VersionRequest[],
  context: ResolveContext,
): Promise<Resolved> {
  await readAll(asked, context.recipeBook);
  using progress = context.report.progress('Ask upstream', asked.length);
  let done = 0;
  const results = await Promise.all(
    asked.map(async (one) => {
      const result = await resolveOne(one, context);
      progress.update((done += 1));
      return result;
    }),
  );
  return {
    wanted: results.flatMap((result) => ('failure' in result ? [] : result.wanted)),
    waiting: results.flatMap((result) => ('failure' in result ? [] : (result.waiting ?? []))),
    failures: results.flatMap((result) => ('failure' in result ? [result.failure] : [])),
  };
}

/**
 * So that all upstreams are asked at once: projects on GitHub share requests, and one whose recipe is still read while
 * others are asked costs a request more. What is wrong with a recipe is told when it is needed.
 */
async function readAll(asked: readonly VersionRequest[], recipeBook: RecipeBook): Promise<void> {
  const names = new Set(asked.map(({ name }) => name));
  await Promise.allSettled([...names].map((name) => recipeBook.find(name)));
}

async function resolveOne(
  { name, version, why, reason, revise }: VersionRequest,
  context: ResolveContext,
): Promise<
  | { readonly wanted: readonly Wanted[]; readonly waiting?: readonly Waiting[] }
  | { readonly failure: Failure }
> {
  const { recipeBook, upstream } = context;
  try {
    if (version === 'latest') {
      const withdrawn = new Set(context.withdrawn.get(name)?.keys());
      const except = withdrawn.union(context.incomplete?.get(name) ?? new Set<string>());
      const { latest, waiting } = await answeredLatest(name, except, context);
      if (latest.length + waiting.length + except.size === 0) throw await nothingComplete(name, upstream);
      return { wanted: latest.map((text) => ({ name, version: text, why: 'latest' as const })), waiting };
    }
    const { recipe } = await recipeBook.find(name);
    if (revise !== undefined) {
      const base = await publishedVersion(version, recipe, context);
      const published = versionsOf(name, context);
      const unfinished = await unfinishedRevision({ name, base, why: revise }, published, context.store);
      const revised = unfinished ?? nextRevision(base, published);
      return { wanted: [{ name, version: revised, why, revise }] };
    }
    const text =
      why === 'pinned' || isRevision(version)
        ? await pinnedVersion(version, recipe, context)
        : normaliseVersion(name, version, await upstream.found(name));
    return { wanted: [{ name, version: text, why, ...(reason === undefined ? {} : { reason }) }] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { failure: { name, version, error } };
  }
}

/**
 * A pin needs no upstream, whose pages may have lost the version long ago. Its `v` is as already published, else
 * as upstream writes it, else as it was typed.
 */
async function pinnedVersion(
  version: string,
  { name, versions }: Recipe,
  { published, upstream }: ResolveContext,
): Promise<string> {
  const bare = bareVersion(version);
  const known = [version, bare, `v${bare}`].find((text) => published.has(tagOf({ name, version: text })));
  if (known !== undefined) return known;
  const found = await upstream.found(name).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  const text =
    (found === undefined ? undefined : spellingIn(version, found)) ?? formVersion(name, version, versions);
  requirePublishable(text); // or it is found out when it was built
  return text;
}

/** What is revised must be there: without it nothing tells how the first one is called. */
async function publishedVersion(version: string, recipe: Recipe, context: ResolveContext): Promise<string> {
  const text = await pinnedVersion(version, recipe, context);
  const base = upstreamVersion(text);
  if (versionsOf(recipe.name, context).some((one) => upstreamVersion(one) === base)) return base;
  throw new UserError(
    'version.unknown',
    `${recipe.name}: expected a published version to revise, got "${version}"`,
    { hint: `bakery list-bakery ${recipe.name} shows them` },
  );
}

function versionsOf(name: string, { published, recipeBook }: ResolveContext): readonly string[] {
  return versionsByName(published, [...recipeBook.names, name]).get(name) ?? [];
}

async function nothingComplete(name: string, upstream: Upstream): Promise<UserError> {
  const { candidates, listed } = await upstream.found(name);
  const newest = candidates[0];
  const what =
    newest === undefined
      ? `none of upstream's ${listed} names passes the filters`
      : `${candidates.length} found, newest ${newest.text} for ${[...newest.arches].join(' and ')} only`;
  return new UserError(
    'version.none',
    `${name}: expected a version that exists for every arch of the recipe: ${what}`,
  );
}
