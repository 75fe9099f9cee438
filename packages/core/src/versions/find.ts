import { allArches } from '../names/arch.ts';
import type { Arch } from '../names/arch.ts';
import { newestFollowing, newestOfMinors, newestOfSeries } from './latest.ts';
import type { Latest } from './latest.ts';
import { selectVersions } from './select.ts';
import type { Candidate, Refused } from './select.ts';
import type { HttpListing } from './sources/http-listing.ts';
import type { ListContext } from './sources/listing.ts';
import { requireShort } from './sources/name-limits.ts';
import { listVersions } from './sources/sources.ts';
import type { VersionSource } from './sources/sources.ts';

/** A version and the architectures it can be built for. */
export interface Available extends Candidate {
  readonly arches: ReadonlySet<Arch>;
}

export interface Found {
  /** Newest first. */
  readonly candidates: readonly Available[];
  /** What passed the filters and cannot be published, with the reason. */
  readonly refused: readonly Refused[];
  /** How many names upstream has, before any filter. */
  readonly listed: number;
}

/** What some `latest` policies ask of the rest of the world. */
export interface LatestLookups {
  /** The names in a support list, e.g. with `readListing`. */
  minors(listing: HttpListing): Promise<readonly string[]>;
  /** The latest versions of another recipe. */
  latestOf(recipe: string): Promise<readonly string[]>;
}

/** All versions a source offers for at least one of `arches`, as they would be published. */
export async function findVersions(
  source: VersionSource,
  arches: readonly Arch[],
  context: ListContext,
): Promise<Found> {
  const listed = requireShort(await listVersions(source, context), `versions from ${source.from}`);
  const { candidates, refused } = selectVersions(listed, source);
  const claimed = new Set(arches);
  const available = candidates
    .map((candidate) => ({ ...candidate, arches: claimed.intersection(candidate.arches ?? claimed) }))
    .filter((candidate) => candidate.arches.size > 0);
  return { candidates: available, refused, listed: listed.length };
}

/** The versions "latest" stands for, newest first: only versions that exist for all of `arches` count. */
export async function latestVersions(
  found: Found,
  policy: Latest,
  arches: readonly Arch[],
  lookups: LatestLookups,
): Promise<string[]> {
  const required = new Set(arches);
  const complete = found.candidates.filter((candidate) => required.isSubsetOf(candidate.arches));
  const picked = await pick(complete, policy, lookups);
  return picked.map(({ text }) => text);
}

/** The architectures a version is missing, in the order people read them. */
export function missingArches(version: Available, arches: readonly Arch[]): Arch[] {
  return allArches.filter((arch) => arches.includes(arch) && !version.arches.has(arch));
}

async function pick(
  versions: readonly Available[],
  policy: Latest,
  lookups: LatestLookups,
): Promise<readonly Available[]> {
  if ('newest' in policy) return versions.slice(0, policy.newest);
  if ('majors' in policy) return newestOfSeries(versions, 'major', policy.majors);
  if ('minors' in policy) return newestOfSeries(versions, 'minor', policy.minors);
  if ('minors-of' in policy) return newestOfMinors(versions, await lookups.minors(policy['minors-of']));
  return newestFollowing(versions, await lookups.latestOf(policy.follow), policy.infix);
}
