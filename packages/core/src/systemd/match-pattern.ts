import type { Arch } from '../names/arch.ts';
import { parsePattern, type PatternPart } from './pattern.ts';

export interface PatternMatch {
  readonly version: string;
  /** What the file name goes on with; systemd looks at it from some version after 257 on. */
  readonly rest: string;
}

/** Characters of a version for systemd up to 261. */
export const versionCharacters = /^[A-Za-z0-9.,_+-]+$/;

/** The version systemd finds in a file name on a host of an architecture, or `undefined` when nothing matches. */
export function matchPattern(pattern: string, arch: Arch, file: string): string | undefined {
  const parsed = parsePattern(pattern);
  if (parsed.kind === 'broken') return undefined;
  return matchParts(parsed.parts, new Map([['a', arch]]), file)?.version;
}

/**
 * As pattern_match() of sysupdate-pattern.c: a field ends at the first place where the text behind it could be.
 * `host` has the values of specifiers; without one of those in the pattern nothing matches.
 */
export function matchParts(
  parts: readonly PatternPart[],
  host: ReadonlyMap<string, string>,
  file: string,
  versions: RegExp = versionCharacters,
): PatternMatch | undefined {
  const filled = fill(parts, host);
  if (filled === undefined) return undefined;
  let at = 0;
  let version = '';
  for (const [index, part] of filled.entries()) {
    if (part.kind === 'text') {
      if (!file.startsWith(part.text, at)) return undefined;
      at += part.text.length;
      continue;
    }
    const next = filled[index + 1];
    const end = next?.kind === 'text' ? file.indexOf(next.text, at) : file.length;
    const value = end === -1 ? '' : file.slice(at, end);
    if (!isFieldValue(part.letter, value, versions)) return undefined;
    if (part.letter === 'v') version = value;
    at = end;
  }
  return { version, rest: file.slice(at) };
}

/** Whether a wildcard takes a text for its value. */
export function isFieldValue(letter: string, value: string, versions: RegExp = versionCharacters): boolean {
  return (letter === 'v' ? versions : values[letter])?.test(value) === true;
}

const number = /^\d{1,20}$/;
const flag = /^(?:1|yes|y|true|t|on|0|no|n|false|f|off)$/i;

const values: Readonly<Record<string, RegExp>> = {
  u: /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i,
  f: /^(?:0x)?[0-9a-f]{1,16}$/i,
  a: flag,
  g: flag,
  r: flag,
  t: number,
  m: /^0*[0-7]{0,2}[0145]$/, // no more than 0775
  s: number,
  d: number,
  l: number,
  h: /^[0-9a-f]{64}$/i,
};

/** Only texts and fields, no two texts in a row. */
function fill(
  parts: readonly PatternPart[],
  host: ReadonlyMap<string, string>,
): readonly Exclude<PatternPart, { kind: 'host' }>[] | undefined {
  const filled: Exclude<PatternPart, { kind: 'host' }>[] = [];
  for (const part of parts) {
    const text = part.kind === 'host' ? host.get(part.letter) : part.kind === 'text' ? part.text : undefined;
    const last = filled.at(-1);
    if (part.kind === 'field') filled.push(part);
    else if (text === undefined) return undefined;
    else if (text === '') continue;
    else if (last?.kind === 'text') filled.splice(-1, 1, { kind: 'text', text: last.text + text });
    else filled.push({ kind: 'text', text });
  }
  return filled;
}
