import { streamOf } from '../../sysupdate/streams.ts';
import { instancesMax } from '../../sysupdate/transfer.ts';
import type { SeriesKind } from '../../versions/series.ts';

/** Limits of an extension’s metadata release where it carries images itself. */
export interface Caps {
  readonly images: number;
  /** Bytes. */
  readonly size: number;
}

/** GitHub takes 1,000 assets a release; the rest of them, and of a run’s patience, is for others. */
export const defaultCaps: Caps = { images: 400, size: 40e9 };

/**
 * The versions whose images lie beside the index where not all can: as many as a host keeps of the newest, and of
 * each stream. In the order in which they give way when there is no room: what is kept longest comes first.
 */
export function keptVersions(newestFirst: readonly string[], kinds: readonly SeriesKind[] = []): string[] {
  const streams = kinds.flatMap((kind) => [
    ...Map.groupBy(newestFirst, (version) => streamOf(version, kind)?.label).entries(),
  ]);
  const members = streams.flatMap(([label, versions]) => (label === undefined ? [] : [versions]));
  const rounds = Array.from({ length: instancesMax }, (_, round) =>
    members.flatMap((versions) => versions.slice(round, round + 1)),
  );
  return [...new Set([...newestFirst.slice(0, instancesMax), ...rounds.flat()])];
}

/** The longest start of `images`, in whole versions, that stays within the caps; the first version always does. */
export function withinCaps<T extends { readonly version: string; readonly asset: { readonly size: number } }>(
  images: readonly T[],
  caps: Caps,
): T[] {
  const kept: T[] = [];
  let size = 0;
  for (const group of Map.groupBy(images, ({ version }) => version).values()) {
    size += group.reduce((sum, { asset }) => sum + asset.size, 0);
    if (kept.length > 0 && (kept.length + group.length > caps.images || size > caps.size)) break;
    for (const one of group) kept.push(one);
  }
  return kept;
}
