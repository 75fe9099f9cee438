import { z } from 'zod';
import { bareVersion } from '../names/bare.ts';
import { seriesOf } from './series.ts';
import type { SeriesKind } from './series.ts';
import { HttpListing } from './sources/http-listing.ts';

const count = z.int().min(1).max(50);

/** Which of the versions found are "latest". */
export const Latest = z.union([
  z.strictObject({ newest: count }).describe('The newest N versions.'),
  z.strictObject({ majors: count }).describe('The newest version of each of the N highest majors.'),
  z.strictObject({ minors: count }).describe('The newest version of each of the N highest minors.'),
  z
    .strictObject({ 'minors-of': HttpListing })
    .describe('The newest version of each minor in a support list kept elsewhere.'),
  z
    .strictObject({
      follow: z.string().describe('Name of another recipe.'),
      infix: z.string().describe('Text between that recipe’s version and the build number, e.g. "+k3s".'),
    })
    .describe(
      'For each latest version of another recipe the newest version that starts with it and the infix; ' +
        'where there is none, the newest of the same minor.',
    ),
]);
export type Latest = z.infer<typeof Latest>;

interface Version {
  readonly text: string;
}

/** The newest version of each of the `limit` highest majors or minors. `versions` and the result: newest first. */
export function newestOfSeries<T extends Version>(
  versions: readonly T[],
  kind: SeriesKind,
  limit: number,
): T[] {
  const bySeries = Map.groupBy(versions, ({ text }) => seriesOf(text, kind));
  bySeries.delete(undefined);
  return [...bySeries.values()].slice(0, limit).flatMap((members) => members.slice(0, 1));
}

/** The newest version of each minor named in `minors` (`1.34`, `v1.34` or `1.34.2`); a minor without one is left out. */
export function newestOfMinors<T extends Version>(versions: readonly T[], minors: readonly string[]): T[] {
  const wanted = new Set(minors.map((minor) => seriesOf(minor, 'minor')));
  return newestOfSeries(
    versions.filter(({ text }) => wanted.has(seriesOf(text, 'minor'))),
    'minor',
    wanted.size,
  );
}

/**
 * For each of the `followed` versions the newest that starts with it and the infix, else the newest of
 * the same minor with the infix; one with neither is left out. Newest first, each once.
 */
export function newestFollowing<T extends Version>(
  versions: readonly T[],
  followed: readonly string[],
  infix: string,
): T[] {
  const built = versions.filter(({ text }) => text.includes(infix));
  const picked = new Set(followed.map((leader) => findFollower(built, leader, infix)));
  return built.filter((version) => picked.has(version));
}

function findFollower<T extends Version>(built: readonly T[], leader: string, infix: string): T | undefined {
  const prefix = `${bareVersion(leader)}${infix}`;
  const minor = seriesOf(leader, 'minor');
  return (
    built.find(({ text }) => bareVersion(text).startsWith(prefix)) ??
    built.find(({ text }) => seriesOf(text, 'minor') === minor)
  );
}
