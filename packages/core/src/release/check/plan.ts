import { upstreamVersion } from '../../names/revision.ts';
import { tagOf } from '../../names/tag.ts';
import { newestFirst } from '../../systemd/compare.ts';
import type { Ended } from './ending.ts';
import type { Incomplete } from './incomplete.ts';
import type { Waiting } from './unanswered.ts';

/** One version somebody asked for, or the release list names. */
export interface Wanted {
  readonly name: string;
  /** As published: `v` kept or dropped once and for ever. */
  readonly version: string;
  readonly why: 'latest' | 'pinned' | 'asked';
  /** Why it is pinned, when the release list says so. */
  readonly reason?: string;
  /** Why a version that is published is revised; `version` is a revision then. */
  readonly revise?: string;
}

export interface Plan {
  readonly build: readonly Wanted[];
  readonly published: readonly Wanted[];
  /** Left for the next run because of the cap on builds. */
  readonly deferred: readonly Wanted[];
  /** For a later run, whatever the cap. Absent when there are none. */
  readonly waiting?: readonly Waiting[];
  /** Not built, as they were taken back; `reason` says why. Absent when there are none. */
  readonly withdrawn?: readonly Wanted[];
  /** Newer than what stands in for them, and passed over, as upstream lacks files of them. Absent when there are none. */
  readonly incomplete?: readonly Incomplete[];
  /** Wanted, and past their end of life. Absent when there are none. */
  readonly ended?: readonly Ended[];
}

/**
 * Decides what to build: everything wanted that has no release yet, at most `maxBuilds`, each once. The newest of each
 * extension comes before all that are older, so that what a run can do serves as many hosts as possible.
 */
export function planBuilds(
  wanted: readonly Wanted[],
  publishedTags: ReadonlySet<string>,
  maxBuilds = Infinity,
): Plan {
  const byTag = new Map<string, Wanted>();
  for (const one of wanted) {
    if (!byTag.has(tagOf(one))) byTag.set(tagOf(one), one);
  }
  const all = inRounds([...byTag.values()]);
  // A revision of a version is that version.
  const there = new Set([...publishedTags].flatMap((tag) => [tag, upstreamVersion(tag)]));
  const missing = all.filter((one) => !there.has(tagOf(one)));
  return {
    build: missing.slice(0, maxBuilds),
    published: all.filter((one) => there.has(tagOf(one))),
    deferred: missing.slice(maxBuilds),
  };
}

/** The newest of each, then the second newest of each, and so on; extensions in the order in which they are named. */
function inRounds(wanted: readonly Wanted[]): readonly Wanted[] {
  const ranked = [...Map.groupBy(wanted, ({ name }) => name).values()].flatMap((versions) =>
    versions.toSorted((a, b) => newestFirst(a.version, b.version)).map((one, rank) => ({ one, rank })),
  );
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ one }) => one);
}
