import semver from 'semver';
import { bareVersion } from '../names/bare.ts';

// Letters must not go on: "rc" counts in 4.0rc1 and 4.0-rc, not in "arch" or "rcfile".
const word =
  /(?:^|[^a-z])(?:alpha|beta|rc|pre|preview|prerelease|dev|devel|develop|canary|nightly|snapshot|next|test|testing|testrelease|experimental|unstable|milestone|eap|tp)\d*(?![a-z])/i;

// Python’s short forms (PEP 440): 1.0a1, 1.0b2. A bare letter is a patch level: 0.4.9a, 1.0.2k.
const short = /\d[ab]\d+$/i;

/**
 * Whether the text names a version that is not final. Semver decides where the text is semver; build
 * metadata (`+k3s1`) says nothing by itself. Elsewhere words decide: alpha, beta, rc, pre, dev, nightly …
 */
export function isPrerelease(text: string): boolean {
  const parsed = semver.parse(bareVersion(text));
  return (parsed !== null && parsed.prerelease.length > 0) || hasPrereleaseWord(text);
}

/** The same by words alone: `1.2.3-r2` and the `3.8-1.fc42` of an RPM are final then. */
export function hasPrereleaseWord(text: string): boolean {
  return word.test(text) || short.test(text);
}
