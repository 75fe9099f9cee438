import { algorithmOf, type HashAlgorithm } from '../hashing.ts';

/** One line of a sums file. */
export interface SumLine {
  readonly hex: string;
  /** `undefined` for hashes too weak to prove anything (MD5, SHA-1). */
  readonly algorithm: HashAlgorithm | undefined;
  /** Without the `*` of binary mode and a leading `./`; `undefined` for a bare hash. */
  readonly name: string | undefined;
}

/** Reads `HASH`, `HASH  NAME`, `HASH *NAME` and BSD's `SHA256 (NAME) = HASH`; `undefined` for anything else. */
export function parseSumLine(line: string): SumLine | undefined {
  return parseBsd(line.trim()) ?? parseGnu(line.replace(/\r$/, '').trimStart());
}

function parseBsd(line: string): SumLine | undefined {
  const [, title, name, digits] = /^([A-Z0-9/-]+) ?\((.+)\) ?= ?([0-9a-fA-F]+)$/.exec(line) ?? [];
  if (title === undefined || name === undefined || digits === undefined) return undefined;
  const algorithm = algorithmOf(digits);
  // SHA512/256 and SHA3 have as many digits as the hashes we know.
  const isKnown = title.replace('-', '').toLowerCase() === algorithm;
  return { hex: digits.toLowerCase(), algorithm: isKnown ? algorithm : undefined, name: plainName(name) };
}

const hexLengths = new Set([32, 40, 64, 96, 128]); // MD5, SHA-1, SHA-256, SHA-384, SHA-512

function parseGnu(line: string): SumLine | undefined {
  const [, digits, name] = /^([0-9a-fA-F]+)(?:[ \t]+(.*))?$/.exec(line) ?? [];
  if (digits === undefined || !hexLengths.has(digits.length)) return undefined;
  const algorithm = algorithmOf(digits);
  return { hex: digits.toLowerCase(), algorithm, name: name ? plainName(name) : undefined };
}

function plainName(name: string): string {
  return name.replace(/^\*/, '').replace(/^\.\//, '');
}
