import { posix } from 'node:path';
import { distance } from 'fastest-levenshtein';

const shown = 5;
const compared = 5000; // names; more would be felt

/** The names a person may have meant by `wanted`: same last part first, then fewest letters apart. */
export function nearNames(wanted: string, names: readonly string[]): string[] {
  const base = posix.basename(wanted);
  return [...new Set(names)]
    .slice(0, compared)
    .map((name) => ({ name, apart: posix.basename(name) === base ? 0 : distance(wanted, name) }))
    .toSorted((a, b) => a.apart - b.apart || a.name.length - b.name.length)
    .slice(0, shown)
    .map(({ name }) => name);
}

/** The word of `known` that someone who typed `typed` most likely meant, if any is near. */
export function nearestName(typed: string, known: Iterable<string>): string | undefined {
  const [best] = [...known]
    .map((word) => ({ word, apart: distance(typed.toLowerCase(), word.toLowerCase()) }))
    .toSorted((a, b) => a.apart - b.apart);
  // Letters; two swapped neighbours count as two, and in a short word almost any two make another.
  const tolerance = typed.length < 4 ? 1 : Math.max(2, Math.floor(typed.length / 3));
  return best !== undefined && best.apart <= tolerance ? best.word : undefined;
}
