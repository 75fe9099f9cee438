import { parseImageName } from '../../names/file-names.ts';
import { manifestName } from '../../names/manifest-name.ts';
import { tagOf } from '../../names/tag.ts';
import type { Store } from '../../store/store.ts';
import { compareVersions } from '../../systemd/compare.ts';
import { namesIn } from '../../sysupdate/manifest.ts';
import type { RetireRule } from '../history/retire.ts';
import { readRetired } from '../history/retired.ts';
import { listedEverywhere } from '../history/withdrawn.ts';
import { postponedBy } from './postponed.ts';

/** A version that left its index in this run, or the store. */
export interface Retired {
  readonly name: string;
  readonly version: string;
  readonly why: string;
  readonly isRemoved: boolean;
}

/** What a run took away, and why it could not take away more. */
export interface Removal {
  readonly retired: readonly Retired[];
  readonly failures: readonly { readonly name: string; readonly error: unknown }[];
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
export async function removeRetired(rules: ReadonlyMap<string, RetireRule>, store: Store): Promise<Removal> {
  const retired: Retired[] = [];
  const failures: Removal['failures'][number][] = [];
  const limited = [...rules].filter(([, { policy }]) => policy !== undefined);
  if (limited.length === 0) return { retired, failures };
  let left = most;
  let name = 'retention';
  try {
    const listed = await listedEverywhere(store);
    for (const [extension, rule] of limited) {
      name = extension;
      for (const { version, why, since, isFree } of await candidatesOf(name, listed, store)) {
        let isRemoved = isFree && left > 0 && isDue(since, rule);
        if (isRemoved) left--;
        try {
          if (isRemoved) await store.remove(tagOf({ name, version }));
        } catch (error) {
          isRemoved = false;
          failures.push({ name, error });
          // A store that takes no more for now takes none of the others either.
          if (postponedBy(name, error) !== undefined) return { retired, failures };
        }
        if (isRemoved || Date.parse(since) === rule.now) retired.push({ name, version, why, isRemoved });
      }
    }
  } catch (error) {
    failures.push({ name, error });
  }
  return { retired, failures };
}

/** What left the index of an extension, oldest first; `isFree` is what is in the store and in no index. */
async function candidatesOf(name: string, listed: ReadonlySet<string>, store: Store) {
  const retired = await readRetired(name, store);
  if (retired.size === 0) return [];
  const named = versionsIn(name, listed.union(namesIn((await store.read(name, manifestName)) ?? '')));
  const published = await store.publishedTags(`${name}-`);
  return oldestFirst(retired).map(([version, retirement]) => ({
    ...retirement,
    version,
    isFree: published.has(tagOf({ name, version })) && !named.has(version),
  }));
}

function isDue(since: string, { policy, isSure, now }: RetireRule): boolean {
  if (policy === undefined || !isSure) return false;
  return now - Date.parse(since) >= policy['remove-after'] * day;
}

function oldestFirst<T>(versions: ReadonlyMap<string, T>): [string, T][] {
  return [...versions].toSorted(([a], [b]) => compareVersions(a, b));
}

function versionsIn(name: string, files: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...files].flatMap((file) => parseImageName(file, name)?.version ?? []));
}
