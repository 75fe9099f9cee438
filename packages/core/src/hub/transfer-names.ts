import { sidecarKinds } from '../names/file-names.ts';
import { streamOf } from '../sysupdate/streams.ts';
import type { SeriesKind } from '../versions/series.ts';

const kinds: readonly SeriesKind[] = ['major', 'minor'];

/**
 * What the sysupdate files of an extension with these versions may be called, without their ending: `NAME` and
 * one for each stream there could be. Nothing lists them, so a reader must ask for each.
 */
export function transferNames(name: string, versions: readonly string[]): readonly string[] {
  const labels = versions.flatMap((version) => kinds.map((kind) => streamOf(version, kind)?.label));
  const streams = labels.filter((label) => label !== undefined);
  return [...new Set([name, ...streams.map((label) => `${name}-${label}`)])];
}

/** The same for what lies beside the images of these versions; none when there are none. */
export function sidecarTransferNames(name: string, versions: readonly string[]): readonly string[] {
  if (versions.length === 0) return [];
  return transferNames(name, versions).flatMap((base) => sidecarKinds.map((kind) => `${base}.${kind}`));
}

export const transferEndings: readonly string[] = ['conf', 'transfer'];
