import { bareVersion } from '../names/bare.ts';

export type SeriesKind = 'major' | 'minor';

/**
 * The series a version belongs to, without a leading `v` and without leading zeros: major "1" or
 * minor "1.34" of `v1.34.2+k3s1`. A version of one number is its own minor; `undefined` where there is no number.
 */
export function seriesOf(version: string, kind: SeriesKind): string | undefined {
  const [, major, minor] = /^0*(\d+)(?:\.0*(\d+))?/.exec(bareVersion(version)) ?? [];
  if (major === undefined || kind === 'major' || minor === undefined) return major;
  return `${major}.${minor}`;
}
