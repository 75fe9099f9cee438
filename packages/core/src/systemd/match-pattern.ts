import type { Arch } from '../names/arch.ts';

/**
 * The version systemd finds in a file name, or `undefined` when the pattern does not match; as in
 * pattern_match() of sysupdate-pattern.c. A field ends at the first place where what follows it could be, and
 * what stands behind the end of the pattern is not looked at. Patterns of `@v` and `%a` only.
 */
export function matchPattern(pattern: string, arch: Arch, file: string): string | undefined {
  const [start = '', end, ...more] = pattern.replaceAll('%a', arch).replaceAll('%%', '%').split('@v');
  if (end === undefined || more.length > 0 || /@[a-z]/.test(start + end)) return undefined;
  if (!file.startsWith(start)) return undefined;
  const stop = end === '' ? file.length : file.indexOf(end, start.length);
  const version = stop === -1 ? '' : file.slice(start.length, stop);
  return /^[A-Za-z0-9.,_+-]+$/.test(version) ? version : undefined;
}
