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
    .flatMap((line, index) =>
      moved.flatMap(({ extension, old, message }) =>
        placesOf(old, line).map((column) => ({ line: index + 1, column, extension, old, message })),
      ),
    )
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function placesOf(name: string, line: string): number[] {
  const pieces = line.split(name);
  return pieces.slice(1).flatMap((after, index) => {
    const before = pieces.slice(0, index + 1).join(name);
    return /[\w-]$/.test(before) || /^[\w-]/.test(after) ? [] : [before.length + 1];
  });
}
