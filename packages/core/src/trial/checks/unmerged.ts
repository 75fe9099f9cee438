import { readFile } from 'node:fs/promises';
import type { Host, Kind } from '../host.ts';
import { type Check, judged } from '../outcome.ts';
import type { Subject } from '../subject.ts';

const what = 'leaves the host as it was';

/** What a host has where images have something, and what is mounted over it. */
export interface Snapshot {
  readonly kinds: ReadonlyMap<string, Kind | undefined>;
  readonly mounts: readonly string[];
}

export async function snapshotOf(subjects: readonly Subject[], host: Host): Promise<Snapshot> {
  const paths = new Set(subjects.flatMap(({ entries }) => entries.all.map(({ path }) => path)));
  const kinds = await Promise.all([...paths].map(async (path) => [path, await host.kindAt(path)] as const));
  const table = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  return { kinds: new Map(kinds), mounts: table.split('\n').filter((line) => mergedMount.test(line)) };
}

/** Field 5 of a line is where it is mounted (proc_pid_mountinfo(5)). */
const mergedMount = /^\S+ \S+ \S+ \S+ \/(?:usr|opt) /;

export function checkUnmerged({ entries }: Subject, before: Snapshot, after: Snapshot): Check {
  const changed = entries.all.filter(({ path }) => before.kinds.get(path) !== after.kinds.get(path));
  const mounted = after.mounts.filter((line) => !before.mounts.includes(line));
  return judged(what, [
    ...changed.map(({ path }) => `${path}: was ${said(before, path)}, is ${said(after, path)} now`),
    ...mounted.map((line) => `still mounted: ${line}`),
  ]);
}

function said({ kinds }: Snapshot, path: string): string {
  const kind = kinds.get(path);
  return kind === undefined ? 'not there' : `a ${kind}`;
}
