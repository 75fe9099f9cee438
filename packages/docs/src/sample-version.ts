import { compareVersions } from '@bakery/core/versions/compare.ts';
import type { ReleaseEntry } from '@bakery/core/release/release-list.ts';

/** What examples of an extension name: its newest pin in the release list, else the newest that upstream’s stand-in has. */
export function sampleVersion(
  name: string,
  list: readonly ReleaseEntry[],
  latest: readonly string[] = known[name] ?? [],
): string {
  const pins = list.filter((entry) => entry.name === name && entry.version !== 'latest');
  const [newest] = pins.map(({ version }) => version).toSorted((a, b) => compareVersions(b, a));
  return newest ?? latest[0] ?? '1.2.3';
}

// These have no such stand-in: their tests use an npm registry, or a package of Debian.
const known: Readonly<Record<string, readonly string[]>> = {
  bun: ['1.4.5'],
  deno: ['2.9.5'],
  nodejs: ['24.21.0'],
};
