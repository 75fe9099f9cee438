import pLimit from 'p-limit';
import { UserError } from '../../diagnostics/user-error.ts';
import { hashOf } from '../../fetch/hashing.ts';
import { oncePerKey } from '../../lifetime/once.ts';
import { recipeArches } from '../../recipe/recipe-arches.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { Recipe } from '../../recipe/schema.ts';
import { endsOfLifeAddress, lifeOf, parseLives, type Life } from '../../versions/ends-of-life.ts';
import {
  findVersions,
  latestVersions,
  missingArches,
  type Available,
  type Found,
} from '../../versions/find.ts';
import { formatFound, parseFound } from '../../versions/found-text.ts';
import type { HttpListing } from '../../versions/sources/http-listing.ts';
import type { ListContext } from '../../versions/sources/listing.ts';
import { readListing } from '../../versions/sources/read-listing.ts';
import { kindOfSource, type VersionSource } from '../../versions/sources/sources.ts';

/** What the projects behind the recipes offer. Everything is asked at most once. */
export interface Upstream {
  /** All versions of an extension, newest first. */
  found(extension: string): Promise<Found>;
  /** What "latest" stands for, newest first, as if those of `except` were not there. */
  latest(extension: string, except?: ReadonlySet<string>): Promise<readonly string[]>;
  /** How long upstream looks after the versions of an extension; undefined where nobody answers. */
  lives(extension: string): Promise<readonly Life[] | undefined>;
  /** The newest version of a source that an option’s default names, for every arch of the recipe. */
  newest(source: VersionSource, recipe: Recipe): Promise<string>;
}

export interface UpstreamContext extends Omit<ListContext, 'archTokens'> {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Asks, and keeps the answer under `key` for runs without a network; `what` is what people call it. One that may be old
   * is taken from there as well when nobody answers.
   */
  remember(
    answer: { readonly key: string; readonly what: string; readonly mayBeOld?: boolean },
    ask: () => Promise<string>,
  ): Promise<string>;
}

const day = 86_400_000; // milliseconds
const asksAtOnce = 6; // Upstreams are different servers; more at once only makes the log jump.

export function upstreamOf(recipeBook: RecipeBook, context: UpstreamContext): Upstream {
  const listings = new Map<string, Promise<Found>>();
  const latests = new Map<string, Promise<readonly string[]>>();
  const lives = new Map<string, Promise<readonly Life[] | undefined>>();
  const limit = pLimit(asksAtOnce);

  const upstream: Upstream = {
    found: (extension) => oncePerKey(listings, extension, () => find(extension)),
    latest: (extension, except = new Set()) =>
      except.size === 0
        ? oncePerKey(latests, extension, () => latest(extension, [extension]))
        : latest(extension, [extension], except),
    lives: (extension) => oncePerKey(lives, extension, () => livesOf(extension)),
    newest,
  };
  return upstream;

  async function find(extension: string): Promise<Found> {
    const { recipe } = await recipeBook.find(extension);
    return findIn(recipe.versions, recipe);
  }

  async function findIn(source: VersionSource, recipe: Recipe): Promise<Found> {
    const ask = () => findVersions(source, recipeArches(recipe), { ...context, archTokens: recipe.arch });
    const { isLocal, sharesRequests } = kindOfSource(source);
    if (isLocal) return ask();
    const answer = { key: keyOf(recipe, source), what: `versions of ${recipe.name} (${source.from})` };
    // Projects on GitHub share requests, so all of them have to be asked for at once.
    const isShared = context.githubNames !== undefined && sharesRequests;
    const found = () => (isShared ? ask() : limit(ask));
    return parseFound(await context.remember(answer, async () => formatFound(await found())));
  }

  async function minorsIn(listing: HttpListing, recipe: Recipe): Promise<readonly string[]> {
    const ask = () => readListing(listing, { ...context, archTokens: recipe.arch });
    const answer = { key: keyOf(recipe, listing), what: `minors of ${recipe.name} (${listing.url})` };
    const text = await context.remember(answer, async () => (await limit(ask)).join('\n'));
    return text.split('\n');
  }

  /** `following` is the chain of recipes that led here, to tell a circle from a long way. */
  async function latest(
    extension: string,
    following: readonly string[],
    except: ReadonlySet<string> = new Set(),
  ): Promise<readonly string[]> {
    const { recipe, maxAge } = await recipeBook.find(extension);
    const all = await upstream.found(extension);
    const candidates = await alive(
      young(
        all.candidates.filter(({ text }) => !except.has(text)),
        maxAge,
        recipe,
      ),
      recipe,
    );
    const found = { ...all, candidates };
    return latestVersions(found, recipe.versions.latest, recipeArches(recipe), {
      minors: (listing) => minorsIn(listing, recipe),
      latestOf: (followed) => {
        if (following.includes(followed)) {
          throw new UserError(
            'recipe.invalid',
            `versions.latest.follow: ${[...following, followed].join(' → ')} is a circle`,
          );
        }
        return oncePerKey(latests, followed, () => latest(followed, [...following, followed]));
      },
    });
  }

  /** The newest that exists for every arch stays, however old: hosts would be left without any. */
  function young(
    candidates: readonly Available[],
    maxAge: number | undefined,
    recipe: Recipe,
  ): readonly Available[] {
    if (maxAge === undefined) return candidates;
    const stays = candidates.find((one) => missingArches(one, recipeArches(recipe)).length === 0);
    const since = context.now() - maxAge * day;
    return candidates.filter(({ text, publishedAt = since }) => publishedAt >= since || text === stays?.text);
  }

  /** A project that is dead as a whole keeps its versions: no new one can come. Where nobody answers, all are alive. */
  async function alive(candidates: readonly Available[], recipe: Recipe): Promise<readonly Available[]> {
    const { eol } = recipe;
    if (eol === undefined || (eol.ended && !eol.lts)) return candidates;
    const known = (await upstream.lives(recipe.name)) ?? [];
    if (eol.lts && known.length === 0) {
      throw new UserError(
        'version.none',
        `${recipe.name}: expected a source that says which versions have long-term support, got none`,
        { hint: `without "lts" in the release list the newest ones count; or see ${endsOfLifeAddress(eol)}` },
      );
    }
    const lifeOfOne = ({ text }: Available): Life | undefined => lifeOf(text, known);
    const living = eol.ended ? candidates : candidates.filter((one) => lifeOfOne(one)?.hasEnded !== true);
    const kept = living.length === 0 ? candidates : living;
    return eol.lts ? kept.filter((one) => lifeOfOne(one)?.hasLts === true) : kept;
  }

  async function livesOf(extension: string): Promise<readonly Life[] | undefined> {
    const { eol } = (await recipeBook.find(extension)).recipe;
    if (eol === undefined) return [];
    const url = endsOfLifeAddress(eol);
    const answer = { key: url, what: `ends of life of ${extension} (${url})`, mayBeOld: true };
    try {
      const text = await context.remember(answer, async () => {
        const found = await context.ports.http.text(url, { attempts: 2 });
        if (found === undefined)
          throw new UserError('version.listing', `${url}: expected the product, got no such page`);
        parseLives(found, url, context.now()); // what cannot be read takes no good answer's place
        return found;
      });
      return parseLives(text, url, context.now());
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      context.ports.report.warn(
        `${extension}: cannot tell which versions are past their end of life: ${error.message}`,
      );
      return undefined;
    }
  }

  async function newest(source: VersionSource, recipe: Recipe): Promise<string> {
    const arches = recipeArches(recipe);
    const found = await findIn(source, recipe);
    const complete = found.candidates.find((candidate) => missingArches(candidate, arches).length === 0);
    if (complete !== undefined) return complete.text;
    throw new UserError(
      'version.none',
      `${recipe.name}: expected a version from ${JSON.stringify(source)}, found none`,
    );
  }
}

/** Another source, or the same with other filters, has another name. */
function keyOf({ name, arch }: Recipe, source: VersionSource | HttpListing): string {
  return `versions:${name}#${hashOf(JSON.stringify([source, arch])).slice(0, 12)}`;
}
