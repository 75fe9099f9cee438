import { UserError } from '../../diagnostics/user-error.ts';
import { parseJson, parseYaml } from '../../language/foreign-data.ts';
import { withinTime } from '../../language/within-time.ts';
import { queryDocument } from '../jmespath.ts';
import type { HttpListing } from './http-listing.ts';
import { requireFew } from './name-limits.ts';

type Reading = Pick<HttpListing, 'regex' | 'parse' | 'path'>;

const mostSeconds = 60; // a page takes far less than one, also where many share a processor

/** The names in one document: every match of the regex, or what the path finds in the data. */
export function readNames(
  text: string,
  { regex, parse, path = '@' }: Reading,
  url: string,
  seconds = mostSeconds,
): string[] {
  if (regex === undefined) {
    return requireNames(queryDocument(parseData(text, parse, url), path, url), path, url);
  }
  const names = matchesIn(text, regex, url, seconds);
  if (names.length > 0) return names;
  const start = text.slice(0, 60).replaceAll(/\s+/g, ' ');
  throw new UserError(
    'version.listing',
    `${url}: expected a match of ${regex}, got none in ${text.length} characters that start with ${JSON.stringify(start)}`,
  );
}

/** How much of a text a match may try before V8 gives up differs with what the process did before: up to 64 MB. */
function matchesIn(text: string, regex: string, url: string, seconds: number): string[] {
  const names: string[] = [];
  const search = (): void => {
    for (const match of text.matchAll(new RegExp(regex, 'gu'))) {
      names.push(match[1] ?? match[0]);
      requireFew(names.length, `matches of ${regex}`, url);
    }
  };
  try {
    if (withinTime(search, seconds) !== undefined) return names;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw endless(text, regex, url, cause);
  }
  throw endless(text, regex, url);
}

function endless(text: string, regex: string, url: string, cause?: unknown): UserError {
  return new UserError(
    'version.listing',
    `${url}: expected matches of ${regex} that end soon, got ${text.length} characters to try one on`,
    { hint: 'a regex that stops at the end of a name or a line needs less', cause },
  );
}

/** The cursor of the next page; `undefined` on the last. */
export function readCursor(
  text: string,
  { next, parse }: Pick<HttpListing, 'next' | 'parse'>,
  url: string,
): string | undefined {
  if (next === undefined) return undefined;
  const cursor = queryDocument(parseData(text, parse, url), next.path, url);
  if (cursor === null || cursor === undefined || cursor === '' || cursor === false) return undefined;
  if (typeof cursor === 'string' || typeof cursor === 'number') return String(cursor);
  throw new UserError(
    'version.listing',
    `${url}: expected a text or number at ${next.path}, got ${show(cursor)}`,
  );
}

function parseData(text: string, parse: HttpListing['parse'], url: string): unknown {
  try {
    return parse === 'yaml' ? parseYaml(text) : parseJson(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : '';
    throw new UserError(
      'version.listing',
      `${url}: expected ${parse === 'yaml' ? 'YAML' : 'JSON'}: ${reason}`,
      { cause },
    );
  }
}

function requireNames(value: unknown, path: string, url: string): string[] {
  if (!Array.isArray(value)) {
    throw new UserError('version.listing', `${url}: expected a list at ${path}, got ${show(value)}`);
  }
  requireFew(value.length, `names at ${path}`, url);
  return value.map((name: unknown) => {
    if (typeof name === 'string') return name;
    // 1.30 is the same number as 1.3, so a number cannot be a version.
    const hint =
      typeof name === 'number' ? { hint: 'use regex, or parse: yaml, which keeps 1.30 as text' } : {};
    throw new UserError('version.listing', `${url}: expected texts at ${path}, got ${show(name)}`, hint);
  });
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 60);
}
