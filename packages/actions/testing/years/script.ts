/** What happens to a made-up bakery, night after night; the same for the same seed. */
export interface Script {
  readonly extensions: readonly Extension[];
  /** By night. */
  readonly events: readonly (readonly Event[])[];
  /** Nights on which GitHub answers nobody. */
  readonly outages: ReadonlySet<number>;
  /** The night from which on another key signs. */
  readonly rotation: number;
}

export interface Extension {
  readonly name: string;
  /** How many majors count as latest. */
  readonly majors: number;
  /** Whether somebody tells of ends of life. */
  readonly hasEnds: boolean;
}

export type Event =
  /** Upstream lists a version, whose files are there from a night on. */
  | { readonly kind: 'version'; readonly name: string; readonly version: string; readonly complete: number }
  /** No build of it works until that night. */
  | { readonly kind: 'break'; readonly name: string; readonly until: number }
  /** Upstream looks after a major no longer. */
  | { readonly kind: 'end'; readonly name: string; readonly major: number }
  /** People do these, after the run of the night: with the newest version that is offered, or was taken back last. */
  | { readonly kind: 'revise' | 'yank' | 'undo'; readonly name: string };

export interface Size {
  readonly extensions: number;
  readonly nights: number;
  readonly seed: number;
}

const settling = 10; // nights at the end on which nothing new happens, so that all is well again

export function writeScript({ extensions: count, nights, seed }: Size): Script {
  const random = randomFrom(seed);
  const chance = (share: number): boolean => random() < share;
  const extensions = Array.from({ length: count }, (_, n) => ({
    name: `tool${String(n).padStart(2, '0')}`,
    majors: 1 + (n % 3),
    hasEnds: n % 2 === 1,
  }));
  const middle = Math.floor(nights / 2);
  const outages = new Set([Math.floor(nights / 4)]);
  const versions = new Map(extensions.map(({ name }) => [name, [[1, 0, 0]]]));
  const yanked = new Map<string, number>();
  const ended = new Map<string, number>();
  const events = Array.from({ length: nights }, (_, night) =>
    extensions.flatMap(({ name, hasEnds }): Event[] => {
      const known = versions.get(name) ?? [];
      if (night === 0) return [{ kind: 'version', name, version: '1.0.0', complete: 0 }];
      if (night >= nights - settling) return [];
      const today: Event[] = [];
      if (chance(1 / 20)) {
        const next = nextVersion(known, random);
        known.push(next);
        const complete = night + (chance(1 / 6) ? 1 + Math.floor(random() * 5) : 0);
        today.push({ kind: 'version', name, version: next.join('.'), complete });
      }
      if (chance(1 / 60)) today.push({ kind: 'break', name, until: night + 1 + Math.floor(random() * 6) });
      const newest = known.reduce((most, [major = 0]) => Math.max(most, major), 0);
      const oldest = (ended.get(name) ?? 0) + 1;
      if (hasEnds && oldest < newest && chance(1 / 15)) {
        ended.set(name, oldest);
        today.push({ kind: 'end', name, major: oldest });
      }
      if (outages.has(night)) return today;
      const open = yanked.get(name) ?? 0;
      const deed = deedFor(random(), open > 0);
      if (deed === undefined) return today;
      yanked.set(name, open + (deed === 'yank' ? 1 : deed === 'undo' ? -1 : 0));
      return [...today, { kind: deed, name }];
    }),
  );
  return { extensions, events, outages, rotation: middle };
}

function deedFor(chance: number, isYanked: boolean): 'revise' | 'yank' | 'undo' | undefined {
  if (chance < 1 / 40) return 'yank';
  if (chance < 1 / 20) return 'revise';
  return isYanked && chance < 1 / 12 ? 'undo' : undefined;
}

/** A patch, a minor or a major on top of one of the two newest majors. */
function nextVersion(known: readonly (readonly number[])[], random: () => number): number[] {
  const majors = [...new Set(known.map(([major = 0]) => major))].toSorted((a, b) => b - a);
  const major = majors[Math.min(majors.length - 1, random() < 1 / 4 ? 1 : 0)] ?? 1;
  const [, minor = 0, patch = 0] =
    known.filter(([one]) => one === major).toSorted((a, b) => order(b, a))[0] ?? [];
  const kind = random();
  if (kind < 1 / 8) return [(majors[0] ?? 0) + 1, 0, 0];
  return kind < 1 / 3 ? [major, minor + 1, 0] : [major, minor, patch + 1];
}

function order(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((part, n) => part !== b[n]);
  return index === -1 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

/** mulberry32 */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
