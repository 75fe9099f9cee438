import { parseImageName } from '../../names/file-names.ts';
import { isRevision, upstreamVersion } from '../../names/revision.ts';
import type { Store } from '../../store/store.ts';
import { newestFirst } from '../../systemd/compare.ts';
import { readRecord } from '../history/read-record.ts';
import { readRetired } from '../history/retired.ts';
import { listedEverywhere, readWithdrawals } from '../history/withdrawn.ts';

/**
 * The newest revision of an upstream version, if it was published for the same reason and no index names it yet: whoever
 * asked for it was stopped, and asks again for this one, not for another.
 */
export async function unfinishedRevision(
  { name, base, why }: { readonly name: string; readonly base: string; readonly why: string },
  published: readonly string[],
  store: Store,
): Promise<string | undefined> {
  const revisions = published.filter((one) => isRevision(one) && upstreamVersion(one) === base);
  const newest = revisions.toSorted(newestFirst)[0];
  if (newest === undefined) return undefined;
  const record = await readRecord(name, newest, store);
  if (record?.revision?.why !== why) return undefined;
  const listed = await listedEverywhere(store);
  if ([...listed].some((file) => parseImageName(file, name)?.version === newest)) return undefined;
  const takenOut = [await readWithdrawals(name, store), await readRetired(name, store)];
  return takenOut.some((versions) => versions.has(newest)) ? undefined : newest;
}
