const shown = 5;
const compared = 5000; // names; edit distance of more would be felt

/** The names a person may have meant by `wanted`: same last part first, then fewest letters apart. */
export function nearNames(wanted: string, names: readonly string[]): string[] {
  const base = lastPart(wanted);
  return names
    .slice(0, compared)
    .map((name) => ({ name, apart: lastPart(name) === base ? 0 : lettersApart(wanted, name) }))
    .toSorted((a, b) => a.apart - b.apart || a.name.length - b.name.length)
    .slice(0, shown)
    .map(({ name }) => name);
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Levenshtein distance. */
function lettersApart(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
