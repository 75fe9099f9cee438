import { bareVersion } from '../names/bare.ts';

/** A version that sorts above all others and looks like none of them. */
export interface Unlike {
  readonly text: string;
  /** The newest of those that are written as most are. */
  readonly usual: string;
}

const fewest = 5; // versions, below which nothing is usual
const share = 10; // of this many versions at most one is written like it

/**
 * The newest of `versions` (newest first) where it may be a slip of upstream, such as `v011` above `v1.14.7`: it has
 * another number of parts than most, hardly any other has as many, and it is no next major.
 */
export function unlikeOthers(versions: readonly string[]): Unlike | undefined {
  const [text] = versions;
  if (text === undefined || versions.length < fewest) return undefined;
  const byParts = Map.groupBy(versions, (one) => numbersOf(one).length);
  const [most = []] = [...byParts.values()].toSorted((a, b) => b.length - a.length);
  const alike = byParts.get(numbersOf(text).length) ?? [];
  const [usual] = most;
  if (usual === undefined || alike === most || alike.length * share > versions.length) return undefined;
  return majorOf(text) > majorOf(usual) + 1 ? { text, usual } : undefined;
}

/** As people read it. */
export function showUnlike({ text, usual }: Unlike): string {
  return `"${text}" sorts above "${usual}" and is written like none of the others; if upstream named it by mistake, exclude it`;
}

function numbersOf(version: string): readonly string[] {
  return /^[\d.]*/.exec(bareVersion(version))?.[0].split('.') ?? [];
}

function majorOf(version: string): number {
  return Number(numbersOf(version)[0]);
}
