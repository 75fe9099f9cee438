import { UserError } from '../../diagnostics/user-error.ts';
import { silentReport } from '../../ports/report.ts';
import type { Retention } from '../../recipe/retention.ts';
import { checkReleases, type CheckContext } from '../check/check-releases.ts';
import type { ReleaseEntry } from '../check/release-list.ts';
import { readRequest } from '../check/version-requests.ts';
import type { RetireRule } from '../history/retire.ts';

export interface RuleContext extends CheckContext {
  readonly releaseList: () => Promise<readonly ReleaseEntry[]>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * What the indexes of `names` need not name any more. Only where there is retention is anybody asked what is wanted; an
 * extension whose recipe cannot be read has no rule.
 */
export async function retireRules(
  names: readonly string[],
  context: RuleContext,
): Promise<ReadonlyMap<string, RetireRule>> {
  const policies = await policiesOf(names, context);
  const limited = [...policies].flatMap(([name, policy]) => (policy === undefined ? [] : [name]));
  const wanted = limited.length === 0 ? new Map<string, Wish>() : await wishes(limited, context);
  const now = context.now();
  return new Map(
    [...policies].map(([name, policy]) => [name, { ...(wanted.get(name) ?? nothing), policy, now }]),
  );
}

type Wish = Pick<RetireRule, 'needed' | 'isSure'>;
const nothing: Wish = { needed: new Set(), isSure: true };

async function policiesOf(
  names: readonly string[],
  { recipeBook }: RuleContext,
): Promise<ReadonlyMap<string, Retention | undefined>> {
  const found = await Promise.all(
    names.map(async (name): Promise<[string, Retention | undefined][]> => {
      try {
        if (recipeBook.folder(name) === undefined) return [];
        return [[name, (await recipeBook.find(name)).retention]];
      } catch (error) {
        if (error instanceof UserError) return [];
        throw error;
      }
    }),
  );
  return new Map(found.flat());
}

/** What the release list wants of each; what it does not name is wanted in its latest versions. */
async function wishes(names: readonly string[], context: RuleContext): Promise<ReadonlyMap<string, Wish>> {
  const list = await context.releaseList().catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  const asked = names.flatMap((name) => readRequest(name, { list: list ?? [] }) ?? []);
  // What is wrong with any of it, the check of the run has told.
  const ports = { ...context.ports, report: silentReport };
  const { plan, failures } = await checkReleases(asked, { ...context, ports });
  const open = new Set([...failures, ...(plan.waiting ?? [])].map(({ name }) => name));
  const wanted = [...plan.build, ...plan.published, ...plan.deferred];
  const byName = Map.groupBy(wanted, ({ name }) => name);
  return new Map(
    names.map((name) => [
      name,
      {
        needed: new Set((byName.get(name) ?? []).map(({ version }) => version)),
        // Without a list nobody says which pins there are.
        isSure: list !== undefined && list.length > 0 && !open.has(name),
      },
    ]),
  );
}
