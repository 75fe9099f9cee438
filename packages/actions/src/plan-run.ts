import type { Bakery } from '@bakery/core/bakery.ts';
import { clock } from '@bakery/core/github.ts';
import { recipeArches } from '@bakery/core/recipe.ts';
import { affordable, type Wanted } from '@bakery/core/release.ts';
import type { Spending } from '@bakery/core/store.ts';
import { cutToSize, type Candidate } from './matrix.ts';

export interface RunLimits {
  readonly maxBuilds: number;
  /** Hours of what GitHub lets a token do. */
  readonly hours: number;
  /** Whose indexes the run brings up to date. */
  readonly extensions: readonly string[];
  /** Every tag the store has. */
  readonly tags: ReadonlySet<string>;
}

/** A version that is not built now, and what there is to know about that. */
export interface Deferred {
  readonly extension: string;
  readonly version: string;
  readonly why: string;
  /** Not before then; ISO 8601, when known. */
  readonly after?: string;
}

export interface RunPlan {
  readonly chosen: readonly Candidate[];
  readonly deferred: readonly Deferred[];
  /** Of GitHub’s limits, for all that is chosen. */
  readonly cost: Spending | undefined;
}

/** The first of `wanted` that one run can build, publish and list. */
export async function planRun(
  wanted: readonly Wanted[],
  { maxBuilds, hours, extensions, tags }: RunLimits,
  bakery: Pick<Bakery, 'recipeBook' | 'store' | 'hub' | 'isToBeSigned'> &
    Partial<Pick<Bakery, 'keys' | 'ring' | 'verity'>> & {
      readonly isToBeAttested?: boolean;
      readonly isToBeRebuilt?: boolean;
    },
): Promise<RunPlan> {
  const {
    chosen: afforded,
    deferred: unaffordable,
    until,
    cost,
  } = await affordable(wanted, {
    ...bakery,
    tags,
    hours,
    extensions,
  });
  const candidates = afforded.map(async (one): Promise<Candidate> => {
    const { recipe } = await bakery.recipeBook.find(one.name);
    return { wanted: one, arches: recipeArches(recipe) };
  });
  const { chosen, deferred } = cutToSize(await Promise.all(candidates), maxBuilds);
  const tooMany = `a run builds no more than ${chosen.length}`;
  return {
    chosen,
    cost,
    deferred: [
      ...deferred.map((candidate) => deferral(candidate.wanted, tooMany)),
      ...unaffordable.map((one) =>
        deferral(one, 'a run writes no more than GitHub takes of its token', until),
      ),
    ],
  };
}

function deferral({ name, version }: Wanted, why: string, until?: number): Deferred {
  const after = until === undefined ? {} : { after: new Date(until).toISOString() };
  const when = until === undefined ? 'the next run builds it' : `a run after ${clock(until)} builds it`;
  return { extension: name, version, why: `${why}; ${when}`, ...after };
}
