/** Every way to choose one value for each key, in the order written: `{a: [1, 2], b: [3]}` → `{a:1,b:3} {a:2,b:3}`. */
export function combinations(each: Readonly<Record<string, readonly string[]>>): Record<string, string>[] {
  return Object.entries(each).reduce<Record<string, string>[]>(
    (all, [key, values]) => all.flatMap((chosen) => values.map((value) => ({ ...chosen, [key]: value }))),
    [{}],
  );
}

/** How many there are. */
export function combinationCount(each: Readonly<Record<string, readonly string[]>>): number {
  return Object.values(each).reduce((count, values) => count * values.length, 1);
}
