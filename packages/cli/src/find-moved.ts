import { gunzipSync } from 'node:zlib';
import { UserError } from '@bakery/core/diagnostics.ts';
import { errorCode } from '@bakery/core/lifetime.ts';
import { type Moved, moved } from './moved.ts';

export interface MovedHere {
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1. */
  readonly column: number;
  /** `any` when it may be of several. */
  readonly extension: string;
  readonly old: string;
  readonly message: string;
}

const mostFound = 10_000; // no host names the other bakery as often

/**
 * Everything in a file of a host, whatever its format, that is elsewhere or otherwise in images of this bakery. UserError,
 * which calls the file as `shown`, when what is packed in it is too much to look into, or it has more than anybody reads.
 */
export function findMoved(text: string, shown = 'the file'): MovedHere[] {
  const budget = { bytes: mostUnpacked, shown };
  const found = [...movedIn(text)];
  // The whole of a file stands there, as in Ignition: its place is that of the address, and once there is enough.
  for (const { at, content } of contentsIn(text, budget)) {
    if (!anyOld.test(content)) continue;
    for (const one of moved) {
      const [first] = placesOf(one.old, content);
      if (first !== undefined) found.push({ ...one, at });
    }
    if (found.length > mostFound) break;
  }
  if (found.length > mostFound) {
    throw new UserError(
      'path.too-large',
      `${shown}: expected at most ${mostFound} places that name the other bakery, got more`,
      { hint: 'check files of a host one by one' },
    );
  }
  return placed(found, text);
}

/** Most of what is packed names none of them. */
const anyOld = new RegExp(moved.map(({ old }) => old.replaceAll('.', '\\.')).join('|'));

type Found = Moved & { readonly at: number };

/** With lines and columns, from the top. */
function placed(found: readonly Found[], text: string): MovedHere[] {
  let line = 1;
  let start = 0;
  return found
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, extension, old, message }) => {
      for (let end = text.indexOf('\n', start); end >= 0 && end < at; end = text.indexOf('\n', start)) {
        line++;
        start = end + 1;
      }
      return { line, column: at - start + 1, extension, old, message };
    });
}

/** One more than are taken, at most. */
function movedIn(text: string): Found[] {
  return moved.flatMap((one) =>
    [...placesOf(one.old, text).take(mostFound + 1)].map((at) => ({ ...one, at })),
  );
}

function* placesOf(name: string, text: string): Generator<number, void> {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    // A letter behind a backslash is no letter of a name: "\n/opt/kata" in JSON.
    const isWithin = /[\w-]/.test(text.charAt(at - 1)) && text.charAt(at - 2) !== '\\';
    if (!isWithin && !/[\w-]/.test(text.charAt(at + name.length))) yield at;
  }
}

function* contentsIn(
  text: string,
  budget: Budget,
): Generator<{ readonly at: number; readonly content: string }, void> {
  const ends = /[\s"']/g;
  let comma = -1;
  for (let at = text.indexOf('data:'); at >= 0; at = text.indexOf('data:', ends.lastIndex)) {
    ends.lastIndex = at;
    const end = ends.exec(text)?.index ?? text.length;
    ends.lastIndex = end;
    // Once for all that have none: text may be long, and each of its words an address.
    if (comma < at) comma = text.indexOf(',', at);
    if (comma < 0) return;
    if (comma > end) continue;
    const start = text.lastIndexOf('data:', comma);
    const isBase64 = text.slice(start, comma).endsWith(';base64');
    yield { at: start, content: decoded(text.slice(comma + 1, end), isBase64, budget) };
  }
}

const mostUnpacked = 64 * 1024 * 1024; // bytes of all that is packed in one file

interface Budget {
  /** What may still be unpacked. */
  bytes: number;
  readonly shown: string;
}

function decoded(data: string, isBase64: boolean, budget: Budget): string {
  try {
    const bytes = isBase64 ? Buffer.from(data, 'base64') : Buffer.from(decodeURIComponent(data));
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    if (!isGzip) return bytes.toString('utf8');
    const unpacked = gunzipSync(bytes, { maxOutputLength: budget.bytes + 1 });
    budget.bytes -= unpacked.length;
    if (budget.bytes < 0) throw tooMuch(budget);
    return unpacked.toString('utf8');
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') throw tooMuch(budget);
    return ''; // no text that a host could have
  }
}

function tooMuch({ shown }: Budget): UserError {
  return new UserError(
    'path.too-large',
    `${shown}: expected at most ${mostUnpacked} bytes packed in contents of files, got more`,
  );
}
