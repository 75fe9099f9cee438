import type { Command } from 'commander';
import { openBakery } from '@bakery/core/bakery/open-bakery.ts';
import type { Plan, Wanted } from '@bakery/core/release/plan.ts';
import { checkReleases } from '@bakery/core/release/release.ts';
import type { Failure } from '@bakery/core/release/resolve-wanted.ts';
import { readAsked } from '../asked.ts';
import { printJson } from '../print.ts';
import { showTable } from '../table.ts';
import { done, failed, type Verb } from '../verb.ts';

/** `check [EXT…]`: what a release would build. */
export function checkVerb({ io, globals, action }: Verb): (command: Command) => Command {
  return (command) =>
    command
      .summary('show what is wanted and not yet published')
      .description('Sets what the release list wants (or EXT, EXT:VERSION) against what the store has.')
      .argument('[ext...]', 'extensions, each with an optional :VERSION')
      .action(
        action(async (words: readonly string[]) => {
          const bakery = await openBakery(globals(), io);
          const asked = readAsked(words, await bakery.releaseList());
          const { plan, failures } = await checkReleases(asked, bakery);
          if (globals().json === true) printJson(io.out, { ...plan, failures: failures.map(showFailure) });
          else io.out.write(showPlan(plan, failures));
          return failures.length === 0 ? done : failed;
        }),
      );
}

export function showPlan(plan: Plan, failures: readonly Failure[]): string {
  const rows = [
    ...plan.build.map((wanted) => row('build', wanted)),
    ...plan.deferred.map((wanted) => row('deferred', wanted)),
    ...plan.published.map((wanted) => row('published', wanted)),
    ...failures.map(({ name, version = '', error }) => ['failed', name, version, error.message]),
  ];
  return rows.length === 0 ? 'nothing is asked for: the release list is empty\n' : showTable(rows);
}

function row(what: string, { name, version, why, reason }: Wanted): string[] {
  return [what, name, version, reason === undefined ? why : `${why}: ${reason}`];
}

export function showFailure({ name, version, error }: Failure): Record<string, string | undefined> {
  return { name, version, error: error.message, hint: error.hint };
}
