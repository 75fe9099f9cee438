import type { Layout } from './layout.ts';

/** Blocks in a row. */
export interface Run {
  readonly start: number;
  readonly length: number;
}

/** Hands out blocks from the beginning to the end, each once. */
export interface Allocator {
  /** `count` blocks in as few runs as can be; `undefined` when there are not so many left. */
  take(count: number): readonly Run[] | undefined;
  /** Blocks in use of the group of that number, its tables included. They are its first ones. */
  usedIn(group: number): number;
}

export function allocatorOf({ groups }: Layout): Allocator {
  const next = groups.map(({ data }) => data);
  let current = 0;

  return {
    take(count) {
      const runs: Run[] = [];
      for (let left = count; left > 0;) {
        const start = next[current];
        const end = groups[current]?.end;
        if (start === undefined || end === undefined) return undefined;
        const length = Math.min(left, end - start);
        if (length > 0) runs.push({ start, length });
        left -= length;
        next[current] = start + length;
        if (left > 0) current += 1;
      }
      return runs;
    },
    usedIn: (group) => (next[group] ?? 0) - (groups[group]?.first ?? 0),
  };
}

export function blocksOf(runs: readonly Run[]): number[] {
  return runs.flatMap(({ start, length }) => Array.from({ length }, (_, index) => start + index));
}
