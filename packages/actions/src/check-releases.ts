import * as core from '@actions/core';
import type { Bakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { forEachArch, tagOf } from '@bakery/core/names.ts';
import {
  checkReleases,
  chooseOptions,
  preflight,
  refuseObstacles,
  showObstacle,
  whatLacks,
} from '@bakery/core/release.ts';
import { readAsked } from './asked.ts';
import { mayBeAttested } from './attestable-here.ts';
import { showFailure } from './failure.ts';
import { flagInput, numberInput, textInput, wordsInput } from './input.ts';
import { log } from './log.ts';
import { buildsOf, jobsOf, matrixLimit, rebuildsOf, type Build, type Candidate } from './matrix.ts';
import { openFromInputs } from './open-action.ts';
import { planRun } from './plan-run.ts';
import { runAction } from './run-action.ts';
import { writeSummary } from './summary.ts';
import { waitingImages } from './waiting-images.ts';

/** What is wanted and not yet published, as matrices for the jobs that build and publish it. */
await runAction(process, async (io) => {
  const maxBuilds = numberInput('max-builds', 1, matrixLimit) ?? matrixLimit;
  const runners = forEachArch(({ name, runner }) => textInput(`runner-${name}`) ?? runner);
  const hours = numberInput('hours', 1, 24) ?? 1;
  const bakery = await openFromInputs(io);
  const asked = readAsked(
    wordsInput('extensions'),
    textInput('version'),
    await bakery.releaseList(),
    textInput('revise'),
  );
  const { plan, failures, tags } = await io.report.group('Find what is wanted and not yet published', () =>
    checkReleases(asked, bakery),
  );
  const leftOut = (plan.incomplete ?? []).map((one) => ({
    extension: one.name,
    version: one.version,
    why: whatLacks(one),
  }));
  for (const { extension, version, why } of leftOut)
    log.warning(`${extension} ${version} is left out for an older version: ${why}`);
  const failed = failures.map(({ name, version = '', error }) => [
    name,
    version,
    showFailure(error, `${name}: `),
  ]);
  const isForced = flagInput('force');
  const wanted = isForced ? [...plan.build, ...plan.published] : plan.build;
  const extensions = await readable(
    asked.map(({ name }) => name),
    bakery,
  );
  const limits = { maxBuilds, hours, extensions, tags };
  const { chosen, deferred: tooMany } = await planRun(wanted, limits, {
    ...bakery,
    isToBeAttested: mayBeAttested(bakery.attest, io.env),
    isToBeRebuilt: bakery.rebuild !== 'off',
  });
  const obstacles =
    chosen.length === 0
      ? []
      : await preflight(
          {
            wanted: chosen.map((candidate) => candidate.wanted),
            tags,
            isOwnToken: false, // the jobs that publish have their own
            environment: bakery.keyEnvironment,
            pages: bakery.site === 'required',
          },
          bakery.store,
        );
  refuseObstacles(obstacles);
  for (const obstacle of obstacles) log.warning(showObstacle(obstacle));
  const waiting = (plan.waiting ?? []).map(({ name, version, why }) => ({ extension: name, version, why }));
  const deferred = [...tooMany, ...waiting];

  const packed = textInput('packed');
  const made =
    packed === undefined || isForced
      ? new Map<string, number>()
      : await waitingImages(
          chosen.map((candidate) => candidate.wanted),
          packed,
          io,
        );

  const builds: Build[] = [];
  const compiled = new Set<string>();
  for (const candidate of chosen) {
    const { name, version } = candidate.wanted;
    const { recipe } = await bakery.recipeBook.find(name);
    if (recipe.build.length > 0) compiled.add(name);
    if (made.has(tagOf(candidate.wanted))) continue;
    try {
      // Here and once, so that all arches of a version agree.
      const options = await chooseOptions(recipe, version, bakery.upstream);
      for (const build of buildsOf(candidate, options, runners)) builds.push(build);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failed.push([name, version, showFailure(error, `${name} ${version}: `)]);
    }
  }
  const isBuilt = ({ wanted: { name, version } }: Candidate): boolean =>
    builds.some((build) => build.extension === name && build.version === version);
  const isMade = (candidate: Candidate): boolean => made.has(tagOf(candidate.wanted));
  const toPublish = chosen.filter((one) => isMade(one) || isBuilt(one));
  const releases = jobsOf(toPublish, made);

  core.setOutput('builds', JSON.stringify(builds));
  core.setOutput('has-builds', String(builds.length > 0));
  core.setOutput('has-releases', String(releases.length > 0));
  core.setOutput('releases', JSON.stringify(releases));
  const rebuilds =
    bakery.rebuild === 'off' ? [] : rebuildsOf(toPublish, runners, (extension) => compiled.has(extension));
  core.setOutput('rebuilds', rebuilds.length === 0 ? '' : JSON.stringify(rebuilds));
  core.setOutput(
    'failed',
    JSON.stringify(failed.map(([extension, version, why]) => ({ extension, version, why }))),
  );
  core.setOutput('deferred', JSON.stringify(deferred));
  core.setOutput('left-out', JSON.stringify(leftOut));
  core.setOutput('extensions', JSON.stringify(extensions));
  await writeSummary([
    {
      title: 'What to bake',
      text:
        chosen.length + deferred.length + failed.length === 0
          ? `Nothing to do: all ${plan.published.length} versions wanted are published.`
          : `${plan.published.length + plan.build.length} versions wanted, ${plan.published.length} published already, ${chosen.filter(isBuilt).length} to build, ${made.size === 0 ? '' : `${made.size} built by an earlier run, `}${deferred.length} deferred, ${failed.length} failed.`,
    },
    {
      title: 'May stand in the way of publishing',
      head: ['what', 'what to do'],
      rows: obstacles.map(({ problem, remedy }) => [problem, remedy]),
    },
    {
      title: 'To build',
      head: ['extension', 'version', 'why', 'arches'],
      rows: chosen
        .filter(isBuilt)
        .map((one) => [one.wanted.name, one.wanted.version, one.wanted.why, one.arches.join(', ')]),
    },
    {
      title: 'Built by an earlier run, and only to be published',
      head: ['extension', 'version', 'run'],
      rows: chosen
        .filter(isMade)
        .map(({ wanted: one }) => [one.name, one.version, String(made.get(tagOf(one)))]),
    },
    { title: 'Failed', head: ['extension', 'version', 'why'], rows: failed },
    {
      title: 'Left out for an older version, as upstream lacks files',
      head: ['extension', 'version', 'missing'],
      rows: (plan.incomplete ?? []).map((one) => [one.name, one.version, one.missing.join('\n')]),
    },
    {
      title: 'Past their end of life, and wanted all the same',
      head: ['extension', 'version', 'since'],
      rows: (plan.ended ?? []).map((one) => [one.name, one.version, one.end ?? '']),
    },
    {
      title: 'Deferred to the next run',
      head: ['extension', 'version', 'why'],
      rows: deferred.map(({ extension, version, why }) => [extension, version, why]),
    },
    {
      title: 'Published already',
      head: ['extension', 'version', 'why wanted'],
      rows: plan.published.map((one) => [one.name, one.version, one.why]),
    },
  ]);
  // The outputs stand: what was found is built although this step is red.
  if (failed.length > 0) process.exitCode = 1;
});

/** Without those whose recipe is broken or missing: that is said above, and their metadata stays as it is. */
async function readable(names: readonly string[], { recipeBook }: Bakery): Promise<string[]> {
  const checks = [...new Set(names)].map(async (name) => {
    const loaded = await recipeBook.find(name).catch(() => undefined);
    return loaded === undefined ? [] : [name];
  });
  return (await Promise.all(checks)).flat();
}
