import type { Content, Contents } from './contents.ts';

/** Before and after. */
export type Pair<T> = readonly [from: T, to: T];

/** What is otherwise in a path that both images have. */
export interface ChangedPath {
  readonly path: string;
  readonly kind?: Pair<Content['kind']>;
  readonly mode?: Pair<number>;
  /** `UID:GID`. */
  readonly owner?: Pair<string>;
  /** Of a link. */
  readonly target?: Pair<string>;
  /** Bytes. */
  readonly size?: Pair<number>;
  readonly sha256?: Pair<string>;
  /** Libraries an ELF file asks for now and did not before, and the other way round. */
  readonly needs?: Difference;
  /** Lines of a unit. */
  readonly lines?: Difference;
}

export interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export interface ChangedContents {
  readonly added: readonly Content[];
  readonly removed: readonly Content[];
  readonly changed: readonly ChangedPath[];
  /** How many paths are the same in both. */
  readonly same: number;
}

/** Compares two trees path by path, sorted. */
export function compareContents(
  from: Pick<Contents, 'entries'>,
  to: Pick<Contents, 'entries'>,
): ChangedContents {
  const both = [...from.entries.values()].flatMap((before) => {
    const after = to.entries.get(before.path);
    return after === undefined ? [] : [comparePath(before, after)];
  });
  const changed = both.filter((change) => Object.keys(change).length > 1);
  return {
    added: [...to.entries.values()].filter(({ path }) => !from.entries.has(path)),
    removed: [...from.entries.values()].filter(({ path }) => !to.entries.has(path)),
    changed,
    same: both.length - changed.length,
  };
}

function comparePath(before: Content, after: Content): ChangedPath {
  return {
    path: before.path,
    ...pair('kind', before.kind, after.kind),
    ...pair('mode', before.mode, after.mode),
    ...pair('owner', `${before.uid}:${before.gid}`, `${after.uid}:${after.gid}`),
    ...pair('target', before.target, after.target),
    // The size of a link is that of its target.
    ...(before.target === undefined ? pair('size', before.size, after.size) : {}),
    ...pair('sha256', before.sha256, after.sha256),
    ...difference('needs', before.needs, after.needs),
    ...difference('lines', before.text?.split('\n'), after.text?.split('\n')),
  };
}

function pair<T>(key: string, from: T | undefined, to: T | undefined) {
  if (from === undefined || to === undefined || from === to) return {};
  return { [key]: [from, to] };
}

/** What is only in one of them; how often and in which order does not count. */
function difference(key: string, from: readonly string[] = [], to: readonly string[] = []) {
  const added = to.filter((one) => !from.includes(one));
  const removed = from.filter((one) => !to.includes(one));
  return added.length + removed.length === 0 ? {} : { [key]: { added, removed } };
}
