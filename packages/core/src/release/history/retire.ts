import { upstreamVersion } from '../../names/revision.ts';
import type { Retention } from '../../recipe/retention.ts';
import { streamOf } from '../../sysupdate/streams.ts';
import type { SeriesKind } from '../../versions/series.ts';
import type { Retirement, Retirements } from './retired.ts';

/** What a run knows of an extension when it decides what its index need not name any more. */
export interface RetireRule {
  /** Undefined where everything stays, or is to come back. */
  readonly policy: Retention | undefined;
  /** Versions the release list wants now. */
  readonly needed: ReadonlySet<string>;
  /** Whether that is all it wants. If not, nothing more is retired for now, and nothing removed. */
  readonly isSure: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface Offered {
  readonly version: string;
  /** Milliseconds since 1970, where the store knows. */
  readonly publishedAt?: number | undefined;
}

/**
 * The versions that are retired now, of those `offered`, newest first; and those remembered whose releases are gone. The
 * newest of all and of each stream stays, so that no host in a stream is left without.
 */
export function retire(
  offered: readonly Offered[],
  remembered: Retirements,
  kinds: readonly SeriesKind[],
  { policy, needed, isSure, now }: RetireRule,
): Retirements {
  const there = new Set(offered.map(({ version }) => version));
  const gone = [...remembered].filter(([version]) => !there.has(version));
  if (policy === undefined) return new Map(gone);
  const wanted = new Set([...needed].map(upstreamVersion));
  const newest = newestOf(
    offered.map(({ version }) => version),
    kinds,
    policy.keep ?? 1,
  );
  const old = offered.filter(
    ({ version, publishedAt }) =>
      !newest.has(version) &&
      !wanted.has(upstreamVersion(version)) &&
      !isYoung(publishedAt, policy) &&
      (isSure || remembered.has(version)),
  );
  const fresh: Retirement = { since: new Date(now).toISOString(), why: whyOf(policy) };
  return new Map([
    ...gone,
    ...old.map(({ version }) => [version, remembered.get(version) ?? fresh] as const),
  ]);
}

/** The `count` newest of all and of each stream. */
function newestOf(
  newestFirst: readonly string[],
  kinds: readonly SeriesKind[],
  count: number,
): ReadonlySet<string> {
  const streams = kinds.flatMap((kind) => [
    ...Map.groupBy(newestFirst, (version) => streamOf(version, kind)?.label).entries(),
  ]);
  const members = streams.flatMap(([label, versions]) => (label === undefined ? [] : [versions]));
  return new Set([newestFirst, ...members].flatMap((versions) => versions.slice(0, count)));
}

function isYoung(publishedAt: number | undefined, { since }: Retention): boolean {
  return since !== undefined && (publishedAt === undefined || publishedAt >= Date.parse(since));
}

function whyOf({ keep, since }: Retention): string {
  const most = keep === undefined ? [] : [`of each stream only the newest ${keep} are kept`];
  return [...most, ...(since === undefined ? [] : [`published before ${since}`])].join(', ');
}
