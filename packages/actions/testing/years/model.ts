import type { Event, Extension, Script } from './script.ts';

/** What must be true of an extension at the end, computed without any code of the bakery. */
export interface Expected {
  /** Oldest first. */
  readonly published: readonly string[];
  readonly withdrawn: readonly string[];
  readonly ended: ReadonlySet<number>;
  /** The night since which it is not well. */
  readonly ailing: { readonly since: number; readonly leftOut: boolean } | undefined;
  readonly issues: { readonly opened: number; readonly isOpen: boolean };
}

/** What people do to an extension, with the version that the model says they mean. */
export interface Deed {
  readonly kind: 'revise' | 'yank' | 'undo';
  readonly name: string;
  readonly version: string;
}

export interface Model {
  /** What the night brings, and the deeds after its run. */
  night(number: number): readonly Deed[];
  isBroken(name: string, night: number): boolean;
  expected(): ReadonlyMap<string, Expected>;
}

const nightsUntilIssue = 2; // after the first
const mostLeftOut = 2;

interface State extends Extension {
  readonly complete: Map<string, number>;
  readonly published: string[];
  readonly withdrawn: string[];
  readonly ended: Set<number>;
  brokenUntil: number;
  ailing: { since: number; leftOut: boolean } | undefined;
  issues: { opened: number; isOpen: boolean };
}

export function modelOf({ extensions, events, outages }: Script): Model {
  const states = new Map(extensions.map((extension) => [extension.name, stateOf(extension)]));
  const find = (name: string): State => {
    const state = states.get(name);
    if (state === undefined) throw new Error(`no extension ${name}`);
    return state;
  };
  return {
    night: (night) => {
      const today = events[night] ?? [];
      for (const event of today) happen(event, find(event.name));
      if (outages.has(night)) return [];
      for (const state of states.values()) run(state, night);
      return today.flatMap((event) => {
        const deed = deedOf(event, find(event.name), night);
        if (deed !== undefined) done(deed, find(event.name));
        return deed ?? [];
      });
    },
    isBroken: (name, night) => find(name).brokenUntil > night,
    expected: () => states,
  };
}

function stateOf(extension: Extension): State {
  return {
    ...extension,
    complete: new Map(),
    published: [],
    withdrawn: [],
    ended: new Set(),
    brokenUntil: 0,
    ailing: undefined,
    issues: { opened: 0, isOpen: false },
  };
}

function happen(event: Event, state: State): void {
  if (event.kind === 'version') state.complete.set(event.version, event.complete);
  if (event.kind === 'break') state.brokenUntil = Math.max(state.brokenUntil, event.until);
  if (event.kind === 'end') state.ended.add(event.major);
}

function run(state: State, night: number): void {
  const { wanted, leftOut } = decide(state, night);
  const missing = wanted.filter((version) => !isPublished(version, state));
  const isIncomplete = (version: string): boolean => (state.complete.get(version) ?? 0) > night;
  const isBroken = state.brokenUntil > night;
  const failed = missing.filter((version) => isBroken || isIncomplete(version));
  for (const version of missing) if (!failed.includes(version)) state.published.push(version);
  const isAiling = failed.length + leftOut.length > 0;
  state.ailing = isAiling ? { since: state.ailing?.since ?? night, leftOut: failed.length === 0 } : undefined;
  const { opened, isOpen } = state.issues;
  if (state.ailing === undefined) state.issues = { opened, isOpen: false };
  else if (!isOpen && night - state.ailing.since >= nightsUntilIssue)
    state.issues = { opened: opened + 1, isOpen: true };
}

/** The newest complete version of each of the newest living majors; what is published counts as complete. */
function decide(state: State, night: number): { wanted: readonly string[]; leftOut: readonly string[] } {
  const first = latest(state, []);
  const leftOut: string[] = [];
  let wanted = first;
  for (let round = 0; ; round++) {
    const lacking = wanted.filter(
      (version) => !isPublished(version, state) && (state.complete.get(version) ?? 0) > night,
    );
    if (lacking.length === 0) break;
    if (round === mostLeftOut) return { wanted: first, leftOut: [] };
    leftOut.push(...lacking);
    wanted = latest(state, leftOut);
  }
  return wanted.length === 0 ? { wanted: first, leftOut: [] } : { wanted, leftOut };
}

function latest(state: State, except: readonly string[]): readonly string[] {
  const all = [...state.complete.keys()]
    .filter((version) => !state.withdrawn.includes(version) && !except.includes(version))
    .toSorted((a, b) => compare(b, a));
  const living = all.filter((version) => !(state.hasEnds && state.ended.has(majorOf(version))));
  const candidates = living.length === 0 ? all : living;
  const majors = [...new Set(candidates.map(majorOf))].slice(0, state.majors);
  return majors.flatMap((major) => candidates.find((version) => majorOf(version) === major) ?? []);
}

function deedOf({ kind, name }: Event, state: State, night: number): Deed | undefined {
  if (kind === 'undo') {
    const version = state.withdrawn.at(-1);
    return version === undefined ? undefined : { kind, name, version };
  }
  if (kind !== 'yank' && kind !== 'revise') return undefined;
  const offered = state.published.filter((version) => !state.withdrawn.includes(version));
  const version = offered.toSorted(compare).at(-1);
  if (version === undefined || (kind === 'revise' && state.brokenUntil > night)) return undefined;
  return { kind, name, version };
}

function done({ kind, version }: Deed, state: State): void {
  if (kind === 'yank') state.withdrawn.push(version);
  else if (kind === 'undo') state.withdrawn.pop();
  else {
    const base = baseOf(version);
    const taken = state.published.filter((one) => baseOf(one) === base).map(revisionOf);
    state.published.push(`${base}-r${Math.max(...taken) + 1}`);
  }
}

function isPublished(version: string, { published }: State): boolean {
  return published.some((one) => one === version || baseOf(one) === version);
}

function compare(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const index = left.findIndex((part, n) => part !== right[n]);
  return index === -1 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}

function numbersOf(version: string): number[] {
  return [...baseOf(version).split('.').map(Number), revisionOf(version)];
}

function majorOf(version: string): number {
  return Number(version.split('.')[0]);
}

function baseOf(version: string): string {
  return version.split('-r')[0] ?? version;
}

function revisionOf(version: string): number {
  return Number(version.split('-r')[1] ?? 0);
}
