import { isFieldValue, matchParts, type PatternMatch, versionCharacters } from './match-pattern.ts';
import type { PatternPart } from './pattern.ts';

export interface PatternFit extends PatternMatch {
  /** What `%a` must be on a host that takes the file; `undefined` when any will do. */
  readonly arch: string | undefined;
  /** What the other specifiers must be there, `w=42`; the same text for the same hosts. */
  readonly host: string;
}

// What systemd writes for %a (architecture.c) on the machines that there are sysexts for, longest first where
// one starts with another.
const arches = ['x86-64', 'x86', 'arm64', 'arm', 'riscv64', 'loongarch64', 'ppc64-le', 's390x'];
const hostValue = /^[A-Za-z0-9._~+-]*$/;

/**
 * What a file is for the hosts that find it with a pattern, or `undefined` when no host does. Which those are is
 * read from the file name: the longest version, the shortest values of `%w` and the like.
 */
export function fitPattern(
  parts: readonly PatternPart[],
  file: string,
  versions: RegExp = versionCharacters,
): PatternFit | undefined {
  const host = guessHost(parts, file, versions, true) ?? guessHost(parts, file, versions, false);
  const match = host === undefined ? undefined : matchParts(parts, host, file, versions);
  if (host === undefined || match === undefined) return undefined;
  return {
    ...match,
    arch: host.get('a'),
    host: [...host]
      .flatMap(([letter, value]) => (letter === 'a' ? [] : [`${letter}=${value}`]))
      .toSorted()
      .join(' '),
  };
}

/** Values of the specifiers with which the pattern spans the file name, `whole` or its beginning. */
function guessHost(
  parts: readonly PatternPart[],
  file: string,
  versions: RegExp,
  whole: boolean,
): ReadonlyMap<string, string> | undefined {
  const failed = new Set<string>();
  const walk = (index: number, at: number): ReadonlyMap<string, string> | undefined => {
    const part = parts[index];
    if (part === undefined) return !whole || at === file.length ? new Map() : undefined;
    const state = `${index}:${at}`;
    if (failed.has(state)) return undefined; // what keeps hostile patterns from taking for ever
    for (const end of endsOf(part, file, at, versions)) {
      const found = walk(index + 1, end);
      if (found === undefined) continue;
      return part.kind === 'host' ? new Map([...found, [part.letter, file.slice(at, end)]]) : found;
    }
    failed.add(state);
    return undefined;
  };
  return walk(0, 0);
}

function endsOf(part: PatternPart, file: string, at: number, versions: RegExp): readonly number[] {
  if (part.kind === 'text') return file.startsWith(part.text, at) ? [at + part.text.length] : [];
  if (part.kind === 'host' && part.letter === 'a') {
    return arches.filter((arch) => file.startsWith(arch, at)).map((arch) => at + arch.length);
  }
  const ends = Array.from({ length: file.length - at + 1 }, (_, length) => at + length);
  return part.kind === 'host'
    ? ends.filter((end) => hostValue.test(file.slice(at, end)))
    : ends.filter((end) => isFieldValue(part.letter, file.slice(at, end), versions)).toReversed();
}
