import { tagOf } from '../../names/tag.ts';
import type { Ports } from '../../ports/ports.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { Store } from '../../store/store.ts';
import { showUnlike, unlikeOthers } from '../../versions/unlike-others.ts';
import { endedAmong } from './ending.ts';
import { type AllWithdrawals, takenBack, withdrawalsOf } from './heed-withdrawals.ts';
import { completeOnes, type Excepted } from './incomplete.ts';
import { planBuilds, type Plan, type Wanted } from './plan.ts';
import { type Failure, type Resolved, resolveWanted, type VersionRequest } from './resolve-wanted.ts';
import { secondProductRevisions } from './second-products.ts';
import type { Upstream } from './upstream.ts';

export interface CheckContext {
  readonly recipeBook: RecipeBook;
  readonly upstream: Upstream;
  readonly store: Store;
  readonly ports: Pick<Ports, 'http' | 'report'>;
}

export interface Checked {
  readonly plan: Plan;
  readonly failures: readonly Failure[];
  /** What the store has. */
  readonly tags: ReadonlySet<string>;
}

/** What is asked for, set against what the store has. */
export async function checkReleases(
  asked: readonly VersionRequest[],
  context: CheckContext,
  maxBuilds?: number,
): Promise<Checked> {
  const published = await context.store.publishedTags();
  const resolve = (withdrawn: AllWithdrawals, incomplete?: Excepted): Promise<Resolved> =>
    resolveWanted(asked, {
      ...context,
      published,
      withdrawn,
      report: context.ports.report,
      ...(incomplete === undefined ? {} : { incomplete }),
    });
  const first = await resolve(new Map());
  const all = await withdrawalsOf(first.wanted, published, context.store);
  const offer = all.size === 0 ? first : await resolve(all);
  const { resolved, incomplete } = await completeOnes(offer, (excepted) => resolve(all, excepted), {
    ...context,
    published,
  });
  const { wanted, failures: unresolved } = resolved;
  const withdrawn = takenBack([...first.wanted, ...wanted], all);
  const offered = wanted.filter(
    ({ name, version, revise }) => revise !== undefined || all.get(name)?.has(version) !== true,
  );
  const { revisions, failures: unknown } = await secondProductRevisions(offered, { ...context, published });
  const failures = [...unresolved, ...unknown];
  const plan = planBuilds([...offered, ...revisions], published, maxBuilds);
  const decided = [...plan.build, ...plan.published, ...plan.deferred];
  const tags = new Set(decided.map(tagOf));
  const waiting = resolved.waiting.filter((one) => !tags.has(tagOf(one)));
  const ended = await endedAmong(decided, context);
  await warnOfUnlike(decided, context);
  return {
    plan: {
      ...plan,
      ...(waiting.length === 0 ? {} : { waiting }),
      ...(withdrawn.length === 0 ? {} : { withdrawn: eachOnce(withdrawn) }),
      ...(incomplete.length === 0 ? {} : { incomplete }),
      ...(ended.length === 0 ? {} : { ended }),
    },
    failures,
    tags: published,
  };
}

function eachOnce(wanted: readonly Wanted[]): readonly Wanted[] {
  return [...new Map(wanted.map((one) => [tagOf(one), one])).values()];
}

/** What is "latest" only because upstream named it by mistake would be published for good. */
async function warnOfUnlike(wanted: readonly Wanted[], { upstream, ports }: CheckContext): Promise<void> {
  const newest = wanted.filter(({ why }) => why === 'latest');
  for (const [name, ones] of Map.groupBy(newest, (one) => one.name)) {
    const { candidates } = await upstream.found(name);
    const unlike = unlikeOthers(candidates.map(({ text }) => text));
    if (unlike !== undefined && ones.some(({ version }) => version === unlike.text))
      ports.report.warn(`${name}: ${showUnlike(unlike)}`);
  }
}
