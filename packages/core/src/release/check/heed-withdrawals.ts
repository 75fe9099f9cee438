import { allArches } from '../../names/arch.ts';
import { globalTag } from '../../names/manifest-name.ts';
import { tagOf } from '../../names/tag.ts';
import type { Store } from '../../store/store.ts';
import { deletedByHand, listedEverywhere, readWithdrawals, type Withdrawals } from '../history/withdrawn.ts';
import type { Wanted } from './plan.ts';

/** By extension. */
export type AllWithdrawals = ReadonlyMap<string, Withdrawals>;

/**
 * What was taken back of the extensions of `wanted`. The index of everything tells which to ask about: the newest that it
 * does not list, and what it lists and is gone; a night with nothing to do costs this one file.
 */
export async function withdrawalsOf(
  wanted: readonly Wanted[],
  published: ReadonlySet<string>,
  store: Store,
): Promise<AllWithdrawals> {
  if (!published.has(globalTag)) return new Map();
  const listed = tagsOf(await listedEverywhere(store));
  const isOdd = (one: Wanted): boolean =>
    published.has(tagOf(one)) ? one.why === 'latest' && !listed.has(tagOf(one)) : one.revise === undefined;
  const names = [...new Set(wanted.filter(isOdd).map(({ name }) => name))].filter((name) =>
    published.has(name),
  );
  const found = await Promise.all(
    names.map(async (name) => {
      const gone = wanted.filter(
        (one) => one.name === name && listed.has(tagOf(one)) && !published.has(tagOf(one)),
      );
      const remembered = [...(await readWithdrawals(name, store))].filter(
        ([version, { deleted }]) => deleted !== true || !published.has(tagOf({ name, version })),
      );
      return [
        name,
        new Map([...gone.map(({ version }) => [version, deletedByHand] as const), ...remembered]),
      ] as const;
    }),
  );
  return new Map(found.filter(([, withdrawals]) => withdrawals.size > 0));
}

/** Those of `wanted` that are not to be built, each with the reason. */
export function takenBack(wanted: readonly Wanted[], all: AllWithdrawals): Wanted[] {
  return wanted.flatMap((one) => {
    const found = one.revise === undefined ? all.get(one.name)?.get(one.version) : undefined;
    return found === undefined ? [] : [{ ...one, reason: found.why }];
  });
}

/** The tags of the releases that images belong to. */
function tagsOf(files: ReadonlySet<string>): ReadonlySet<string> {
  const ends = allArches.map((arch) => `-${arch}.raw`);
  return new Set(
    [...files].flatMap((file) =>
      ends.flatMap((end) => (file.endsWith(end) ? [file.slice(0, -end.length)] : [])),
    ),
  );
}
