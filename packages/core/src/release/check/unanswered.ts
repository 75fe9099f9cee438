import { upstreamVersion } from '../../names/revision.ts';
import { tagOf } from '../../names/tag.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { Upstream } from './upstream.ts';

/** What a later run decides: a published version stays for ever, so nothing is published on a guess. */
export interface Waiting {
  readonly name: string;
  /** `latest` where no version is known to count. */
  readonly version: string;
  readonly why: string;
}

export interface UnansweredContext {
  readonly recipeBook: RecipeBook;
  readonly upstream: Upstream;
  /** Tags the store has. */
  readonly published: ReadonlySet<string>;
}

type Question = 'end' | 'support';

const whys: Readonly<Record<Question, string>> = {
  end: 'endoflife.date did not answer, so it may be past its end of life; a later run asks again',
  support:
    'endoflife.date did not answer, so it is unknown what has long-term support; a later run asks again',
};

/**
 * The latest versions of an extension that may be published now. Where nobody tells what is past its end of life, these are
 * the newest and what is published already; the others wait.
 */
export async function answeredLatest(
  name: string,
  except: ReadonlySet<string>,
  context: UnansweredContext,
): Promise<{ readonly latest: readonly string[]; readonly waiting: readonly Waiting[] }> {
  const open = await openQuestion(name, context);
  if (open === 'support') return { latest: [], waiting: [{ name, version: 'latest', why: whys.support }] };
  const all = await context.upstream.latest(name, except);
  if (open === undefined) return { latest: all, waiting: [] };
  const published = new Set([...context.published].map(upstreamVersion));
  const isTaken = (version: string): boolean => version === all[0] || published.has(tagOf({ name, version }));
  return {
    latest: all.filter(isTaken),
    waiting: all.filter((version) => !isTaken(version)).map((version) => ({ name, version, why: whys.end })),
  };
}

/** What nobody answers of an extension, or of those it follows. */
async function openQuestion(
  name: string,
  context: UnansweredContext,
  following: readonly string[] = [],
): Promise<Question | undefined> {
  if (following.includes(name)) return undefined; // a circle: that is told when its versions are asked for
  const { eol, versions } = (await context.recipeBook.find(name)).recipe;
  const isAsked = eol !== undefined && (eol.lts || !eol.ended);
  if (isAsked && (await context.upstream.lives(name)) === undefined) return eol.lts ? 'support' : 'end';
  return 'follow' in versions.latest
    ? openQuestion(versions.latest.follow, context, [...following, name])
    : undefined;
}
