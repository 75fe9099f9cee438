const shown = 5;

/** The few `names` a person may have meant by `wanted`, nearest first. */
export function nearNames(wanted: string, names: readonly string[]): string[] {
  const wantedPairs = pairs(wanted);
  return [...new Set(names)]
    .map((name) => ({ name, score: similarity(wantedPairs, pairs(name)) }))
    .toSorted((a, b) => b.score - a.score)
    .slice(0, shown)
    .map(({ name }) => name);
}

function pairs(text: string): ReadonlySet<string> {
  return new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)));
}

/** Dice's coefficient of the letter pairs: 1 for the same, 0 for nothing in common. */
function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return (2 * a.intersection(b).size) / Math.max(1, a.size + b.size);
}
