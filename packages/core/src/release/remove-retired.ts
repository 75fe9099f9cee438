import { parseImageName } from '../names/file-names.ts';
import { manifestName } from '../names/manifest-name.ts';
import type { Store } from '../store/store.ts';
import { compareVersions } from '../systemd/compare.ts';
import { tagOf } from './plan.ts';
import type { RetireRule } from './retire.ts';
import { readRetired, type Retirement } from './retired.ts';
import { listedEverywhere, namesIn } from './withdrawn.ts';

/** A version that left its index in this run, or the store. */
export interface Retired {
  readonly name: string;
  readonly version: string;
  readonly why: string;
  readonly isRemoved: boolean;
}

/** As people read it. */
export function showRetired({ name, version, why, isRemoved }: Retired): string {
  const what = isRemoved ? 'is removed from the store' : 'is named by no index any more';
  return `${name} ${version} ${what}: ${why}.`;
}

const most = 50; // removals a run: each is a change that GitHub counts, and publishing comes first
const day = 86_400_000; // milliseconds

/**
 * Removes from the store what no index has named for long enough, oldest first, and tells what left the indexes in this
 * run. Call it when the indexes are written: what one of them still names stays, and so does all while somebody may want it.
 */
export async function removeRetired(
  rules: ReadonlyMap<string, RetireRule>,
  store: Store,
): Promise<readonly Retired[]> {
  const limited = [...rules].filter(([, { policy }]) => policy !== undefined);
  if (limited.length === 0) return [];
  const listed = await listedEverywhere(store);
  const told: Retired[] = [];
  let left = most;
  for (const [name, rule] of limited) {
    const retired = await readRetired(name, store);
    if (retired.size === 0) continue;
    const named = versionsIn(name, listed.union(namesIn((await store.read(name, manifestName)) ?? '')));
    const published = await store.publishedTags(`${name}-`);
    for (const [version, retirement] of oldestFirst(retired)) {
      const tag = tagOf({ name, version });
      const isFree = published.has(tag) && !named.has(version);
      const isRemoved = isFree && left > 0 && isDue(retirement, rule);
      if (isRemoved) {
        await store.remove(tag);
        left--;
      }
      if (isRemoved || Date.parse(retirement.since) === rule.now)
        told.push({ name, version, why: retirement.why, isRemoved });
    }
  }
  return told;
}

function isDue({ since }: Retirement, { policy, isSure, now }: RetireRule): boolean {
  if (policy === undefined || !isSure) return false;
  return now - Date.parse(since) >= policy['remove-after'] * day;
}

function oldestFirst<T>(versions: ReadonlyMap<string, T>): [string, T][] {
  return [...versions].toSorted(([a], [b]) => compareVersions(a, b));
}

function versionsIn(name: string, files: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...files].flatMap((file) => parseImageName(file, name)?.version ?? []));
}
