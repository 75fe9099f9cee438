import { UserError } from '../diagnostics/user-error.ts';
import type { SeriesKind } from '../versions/series.ts';

/** A limited series of an extension’s versions that a host can stay on. */
export interface Stream {
  /** As file names have it, always with a `v`: `v1.34`. */
  readonly label: string;
  /** What its versions start with, as they are published: `1.34` or `v1.34`. A `.` follows. */
  readonly prefix: string;
}

/** The streams that `versions` make up, oldest first; a version with too few parts is in none. */
export function streamsOf(
  versions: Iterable<string>,
  kinds: SeriesKind | readonly SeriesKind[] = [],
): readonly Stream[] {
  const found = new Map<string, Stream>();
  for (const version of versions) {
    for (const kind of [kinds].flat()) {
      const stream = streamOf(version, kind);
      if (stream !== undefined) add(found, stream);
    }
  }
  return [...found.values()].toSorted((a, b) => compareLabels(a.label, b.label));
}

/** The stream a version is in: major `v24` of `24.1.0`, minor `v1.34` of `v1.34.2+k3s1`. */
export function streamOf(version: string, kind: SeriesKind): Stream | undefined {
  // The part behind the "." is what systemd sees as the version, so there must be one.
  const pattern = kind === 'major' ? /^v?(\d+)(?=\.[A-Za-z0-9])/ : /^v?(\d+\.\d+)(?=\.[A-Za-z0-9])/;
  const [prefix, bare] = pattern.exec(version) ?? [];
  return prefix === undefined || bare === undefined ? undefined : { label: `v${bare}`, prefix };
}

function add(found: Map<string, Stream>, stream: Stream): void {
  const known = found.get(stream.label);
  if (known !== undefined && known.prefix !== stream.prefix) {
    throw new UserError(
      'recipe.invalid',
      `stream ${stream.label}: expected all its versions to start alike, got "${known.prefix}." and "${stream.prefix}."`,
      { hint: 'keep or drop the v of an extension’s versions once and for all' },
    );
  }
  found.set(stream.label, stream);
}

function compareLabels(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
