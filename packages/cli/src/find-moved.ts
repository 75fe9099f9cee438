import { gunzipSync } from 'node:zlib';
import { UserError } from '@bakery/core/diagnostics.ts';
import { errorCode } from '@bakery/core/lifetime.ts';
import { moved } from './moved.ts';

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

/**
 * Everything in a file of a host, whatever its format, that is elsewhere or otherwise in images of this bakery. UserError,
 * which calls the file as `shown`, when what is packed in it is too much to look into.
 */
export function findMoved(text: string, shown = 'the file'): MovedHere[] {
  const budget = { bytes: mostUnpacked, shown };
  return text
    .split('\n')
    .flatMap((line, index) => [
      ...movedIn(line).map((one) => ({ ...one, line: index + 1, column: one.at + 1 })),
      // The whole of a file stands there, as in Ignition: its place is that of the address.
      ...contentsIn(line, budget).flatMap(({ at, content }) =>
        movedIn(content).map((one) => ({ ...one, line: index + 1, column: at + 1 })),
      ),
    ])
    .map(({ line, column, extension, old, message }) => ({ line, column, extension, old, message }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function movedIn(text: string) {
  return moved.flatMap(({ extension, old, message }) =>
    placesOf(old, text).map((at) => ({ at, extension, old, message })),
  );
}

function placesOf(name: string, text: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    // A letter behind a backslash is no letter of a name: "\n/opt/kata" in JSON.
    const isWithin = /[\w-]/.test(text.charAt(at - 1)) && text.charAt(at - 2) !== '\\';
    if (!isWithin && !/[\w-]/.test(text.charAt(at + name.length))) found.push(at);
  }
  return found;
}

function contentsIn(line: string, budget: Budget): { readonly at: number; readonly content: string }[] {
  return [...line.matchAll(/data:([^\s"',]{0,200}),([^\s"']*)/g)].map((found) => {
    const [, kind = '', data = ''] = found;
    return { at: found.index, content: decoded(data, kind.endsWith(';base64'), budget) };
  });
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
