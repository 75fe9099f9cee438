import type { ReleaseEntry } from '@bakery/core/release/release-list.ts';
import { compareVersions } from '@bakery/core/systemd/compare.ts';

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

// These have no such stand-in: they come from an npm registry, from Debian, or out of a compiler.
const known: Readonly<Record<string, readonly string[]>> = {
  bird: ['3.1.2'],
  btop: ['1.3.2'],
  bun: ['1.4.5'],
  chrony: ['4.8'],
  deno: ['2.9.5'],
  haproxy: ['3.2.5'],
  keepalived: ['v2.3.1'],
  nodejs: ['24.21.0'],
  'nvidia-runtime': ['v1.18.1'],
  scx: ['v1.1.1'],
  tilde: ['1.1.3'],
};
