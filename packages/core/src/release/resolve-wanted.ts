import pLimit from 'p-limit';
import type { Catalogue } from '../recipe/catalogue.ts';
import type { Report } from '../ports/report.ts';
import { UserError } from '../user-error.ts';
import { formVersion, normaliseVersion } from '../versions/normalise.ts';
import type { Wanted } from './plan.ts';
import type { Upstream } from './upstream.ts';

/** What somebody asked for: an extension, and a version or `latest`. */
export interface Asked {
  readonly name: string;
  readonly version: string;
  readonly why: 'pinned' | 'asked';
}

/** An extension that could not be dealt with; the others go on. */
export interface Failure {
  readonly name: string;
  readonly version?: string;
  readonly error: UserError;
}

export interface Resolved {
  readonly wanted: readonly Wanted[];
  readonly failures: readonly Failure[];
}

const scans = 6; // Upstreams are different servers; more at once only makes the log jump.

/** Turns `latest` and loosely written versions into published ones. One that fails does not stop the others. */
export async function resolveWanted(
  asked: readonly Asked[],
  context: { readonly catalogue: Catalogue; readonly upstream: Upstream; readonly report: Report },
): Promise<Resolved> {
  using progress = context.report.progress('Ask upstream', asked.length);
  const limit = pLimit(scans);
  let done = 0;
  const results = await Promise.all(
    asked.map((one) =>
      limit(async () => {
        const result = await resolveOne(one, context);
        progress.update((done += 1));
        return result;
      }),
    ),
  );
  return {
    wanted: results.flatMap((result) => ('failure' in result ? [] : result.wanted)),
    failures: results.flatMap((result) => ('failure' in result ? [result.failure] : [])),
  };
}

async function resolveOne(
  { name, version, why }: Asked,
  { catalogue, upstream }: { readonly catalogue: Catalogue; readonly upstream: Upstream },
): Promise<{ readonly wanted: readonly Wanted[] } | { readonly failure: Failure }> {
  try {
    if (version === 'latest') {
      const latest = await upstream.latest(name);
      if (latest.length === 0) throw await nothingComplete(name, upstream);
      return { wanted: latest.map((text) => ({ name, version: text, why: 'latest' as const })) };
    }
    const { recipe } = await catalogue.find(name);
    // A pin needs no upstream: the list of a project may be long gone from its pages.
    const text =
      why === 'pinned'
        ? formVersion(name, version, recipe.versions)
        : normaliseVersion(name, version, await upstream.found(name));
    return { wanted: [{ name, version: text, why }] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { failure: { name, version, error } };
  }
}

async function nothingComplete(name: string, upstream: Upstream): Promise<UserError> {
  const { candidates, listed } = await upstream.found(name);
  const newest = candidates[0];
  const what =
    newest === undefined
      ? `none of upstream's ${listed} names passes the filters`
      : `${candidates.length} found, newest ${newest.text} for ${[...newest.arches].join(' and ')} only`;
  return new UserError(`${name}: expected a version that exists for every arch of the recipe: ${what}`);
}
