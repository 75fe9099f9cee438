import type { Command } from 'commander';
import { type Bakery, openBakery } from '@bakery/core/bakery.ts';
import { showPlace } from '@bakery/core/diagnostics.ts';
import {
  type Checked,
  checkReleases,
  type Failure,
  type Plan,
  preflight,
  type ReadBack,
  readBack,
  requireKnown,
  showEnd,
  type Stale,
  staleVersions,
  type Wanted,
  whatLacks,
} from '@bakery/core/release.ts';
import { readAsked } from '../asked.ts';
import { done, failed, type CommandContext } from '../command-context.ts';
import { printJson } from '../print.ts';
import type { ExitCode } from '../run-cli.ts';
import { showTable } from '../table.ts';

interface Options {
  readonly deep?: boolean;
  readonly stale?: boolean;
  readonly preflight?: boolean;
}

/** `check [EXT…]`: what a release would build. */
export function checkCommand({ io, globals, action }: CommandContext): (command: Command) => Command {
  return (command) =>
    command
      .summary('show what is wanted and not yet published')
      .description('Compares what the release list wants (or EXT, EXT:VERSION) with what the store has.')
      .argument('[ext...]', 'extensions, each with an optional :VERSION')
      .option('--deep', 'instead, read back every published byte (of EXT) and report what differs')
      .option('--stale', 'instead, show published versions that would be built differently today')
      .option('--preflight', 'instead, show what would stand in the way of publishing what is wanted')
      .action(
        action(async (words: readonly string[], options: Options) => {
          const bakery = await openBakery(globals(), io);
          if (options.deep === true) return checkDeep(words, bakery);
          const asked = readAsked(words, await bakery.releaseList());
          const problem = await bakery.renewalProblem();
          if (problem !== undefined) io.report.warn(`${showPlace(problem.place)}: ${problem.message}`);
          const { plan, failures, tags } = await checkReleases(asked, bakery);
          if (options.stale === true) return showStale(await staleVersions(plan.published, bakery), failures);
          if (options.preflight === true) return checkPreflight(plan.build, { tags, failures }, bakery);
          if (globals().json === true) printJson(io.out, { ...plan, failures: failures.map(showFailure) });
          else io.out.write(showPlan(plan, failures));
          return failures.length === 0 ? done : failed;
        }),
      );

  function showStale(stale: readonly Stale[], failures: readonly Failure[]): ExitCode {
    if (globals().json === true) printJson(io.out, { stale, failures: failures.map(showFailure) });
    else {
      const rows = [
        ...stale.map(({ name, version, differs }) => [
          'stale',
          name,
          version,
          differs.join('; ') || 'no record',
        ]),
        ...failures.map(({ name, version = '', error }) => ['failed', name, version, error.message]),
      ];
      io.out.write(
        rows.length === 0 ? 'nothing published would be built differently today\n' : showTable(rows),
      );
    }
    return failures.length === 0 ? done : failed;
  }

  async function checkPreflight(
    wanted: readonly Wanted[],
    { tags, failures }: Pick<Checked, 'tags' | 'failures'>,
    bakery: Bakery,
  ): Promise<ExitCode> {
    const { store, keyEnvironment, site } = bakery;
    const flight = {
      wanted,
      tags,
      isOwnToken: true,
      environment: keyEnvironment,
      pages: site === 'required',
    };
    const obstacles = await preflight(flight, store);
    if (globals().json === true) printJson(io.out, { obstacles, failures: failures.map(showFailure) });
    else if (obstacles.length + failures.length === 0) {
      io.out.write(`${store.name}: nothing is seen that stands in the way\n`);
    } else {
      io.out.write(
        showTable([
          ...obstacles.map(({ problem, remedy, isSure }) => [isSure ? 'fails' : 'may fail', problem, remedy]),
          ...failures.map(({ name, version = '', error }) => ['failed', `${name} ${version}`, error.message]),
        ]),
      );
    }
    return failures.length > 0 || obstacles.some(({ isSure }) => isSure) ? failed : done;
  }

  async function checkDeep(words: readonly string[], bakery: Bakery): Promise<ExitCode> {
    const { store, recipeBook, ports } = bakery;
    await requireKnown(words, bakery);
    const read = await readBack(store, recipeBook.names, words, ports.report);
    if (globals().json === true) printJson(io.out, read);
    else io.out.write(showReadBack(store.name, read));
    return read.differences.length === 0 ? done : failed;
  }
}

function showReadBack(store: string, { releases, files, differences }: ReadBack): string {
  if (differences.length === 0) return `${store}: ${files} files of ${releases} releases are as published\n`;
  return showTable(differences.map(({ tag, file, problem }) => ['differs', tag, file, problem]));
}

export function showPlan(plan: Plan, failures: readonly Failure[]): string {
  const rows = [
    ...plan.build.map((wanted) => row('build', wanted)),
    ...plan.deferred.map((wanted) => row('deferred', wanted)),
    ...plan.published.map((wanted) => row('published', wanted)),
    ...(plan.waiting ?? []).map((one) => ['waiting', one.name, one.version, one.why]),
    ...(plan.withdrawn ?? []).map((wanted) => row('withdrawn', wanted)),
    ...(plan.incomplete ?? []).map((one) => ['incomplete', one.name, one.version, whatLacks(one)]),
    ...(plan.ended ?? []).map((one) => ['ended', one.name, one.version, showEnd(one)]),
    ...failures.map(({ name, version = '', error }) => ['failed', name, version, error.message]),
  ];
  return rows.length === 0 ? 'nothing is wanted: the release list is empty\n' : showTable(rows);
}

function row(what: string, { name, version, why, reason }: Wanted): string[] {
  return [what, name, version, reason === undefined ? why : `${why}: ${reason}`];
}

export function showFailure({ name, version, error }: Failure): Record<string, string | undefined> {
  return { name, version, code: error.code, error: error.message, hint: error.hint };
}
