import { gunzipSync } from 'node:zlib';
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

/** Everything in a file of a host, whatever its format, that is elsewhere or otherwise in images of this bakery. */
export function findMoved(text: string): MovedHere[] {
  return text
    .split('\n')
    .flatMap((line, index) => [
      ...movedIn(line).map((one) => ({ ...one, line: index + 1, column: one.at + 1 })),
      // The whole of a file stands there, as in Ignition: its place is that of the address.
      ...contentsIn(line).flatMap(({ at, content }) =>
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

function contentsIn(line: string): { readonly at: number; readonly content: string }[] {
  return [...line.matchAll(/data:([^\s"',]*),([^\s"']*)/g)].map((found) => {
    const [, kind = '', data = ''] = found;
    return { at: found.index, content: decoded(data, kind.endsWith(';base64')) };
  });
}

const mostUnpacked = 16 * 1024 * 1024; // bytes

function decoded(data: string, isBase64: boolean): string {
  try {
    const bytes = isBase64 ? Buffer.from(data, 'base64') : Buffer.from(decodeURIComponent(data));
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (isGzip ? gunzipSync(bytes, { maxOutputLength: mostUnpacked }) : bytes).toString('utf8');
  } catch {
    return ''; // no text that a host could have
  }
}
