import { forReader } from '../lifetime/for-reader.ts';
import { removeDeadScratch } from '../lifetime/scratch.ts';
import { tagOf } from '../names/tag.ts';
import type { ImageInputs } from '../provenance/inputs.ts';
import { recipeArches } from '../recipe/recipe-arches.ts';
import type { Gate } from '../trial/gate.ts';
import { checkReleases } from './check/check-releases.ts';
import type { ImageSettings } from './check/image-settings.ts';
import type { Plan, Wanted } from './check/plan.ts';
import { preflight, refuseObstacles, showObstacle } from './check/preflight.ts';
import type { Failure, VersionRequest } from './check/resolve-wanted.ts';
import type { Upstream } from './check/upstream.ts';
import { changesSince } from './create/changes-since.ts';
import { createVersion } from './create/create-version.ts';
import type { CreateContext } from './create/create.ts';
import { tryVersion } from './create/try-version.ts';
import type { Postponed } from './metadata/postponed.ts';
import type { Retired } from './metadata/remove-retired.ts';
import { type UpdateContext, updateMetadata } from './metadata/update-metadata.ts';
import { requireServable } from './publish/adapter-files.ts';
import { publishVersion } from './publish/publish.ts';
import type { Target } from './publish/transfer-files.ts';
import { type Remembering, rememberRun } from './remember-run.ts';

export interface ReleaseContext
  extends CreateContext, Target, Pick<UpdateContext, 'recipeBook' | 'retention' | 'keys'> {
  readonly gate: Gate | undefined;
  readonly upstream: Upstream;
}

export interface ReleaseOptions {
  readonly settings: ImageSettings;
  readonly maxBuilds?: number;
  /** Where all the release list names is asked for: the store remembers what fails or waits. */
  readonly remember?: Remembering;
}

/** What a run did, for the summary. */
export interface Released {
  readonly plan: Plan;
  readonly published: readonly { readonly wanted: Wanted; readonly images: readonly ImageInputs[] }[];
  readonly failures: readonly Failure[];
  /** Extensions whose metadata was written. */
  readonly metadata: readonly string[];
  /** Metadata that the next run goes on with. */
  readonly postponed: readonly Postponed[];
  /** What its indexes name no more since this run, or what left the store. Absent when there is nothing. */
  readonly retired?: readonly Retired[];
}

/**
 * The whole job: what is asked for and not yet published is created and published, then the metadata of all
 * extensions asked for is brought up to date. One that fails never stops the others. May be killed at any moment
 * and run again.
 */
export async function release(
  asked: readonly VersionRequest[],
  { settings, maxBuilds, remember }: ReleaseOptions,
  context: ReleaseContext,
): Promise<Released> {
  await removeDeadScratch(context.scratch);
  requireServable(context);
  await context.signer?.(); // what cannot be signed is not built either
  await context.verity?.();
  const { plan, failures: unresolved, tags } = await checkReleases(asked, context, maxBuilds);
  if (plan.build.length > 0) {
    const flight = { wanted: plan.build, tags, isOwnToken: true, pages: false };
    const obstacles = await preflight(flight, context.store);
    refuseObstacles(obstacles);
    for (const obstacle of obstacles) context.ports.report.warn(showObstacle(obstacle));
  }
  const failures = [...unresolved];
  const published: Released['published'][number][] = [];
  for (const wanted of plan.build) {
    const result = await buildAndPublish(wanted, settings, context);
    if ('error' in result) failures.push(result);
    else published.push({ wanted, images: result.images });
  }
  const names = [...new Set(asked.map(({ name }) => name))];
  const { written, failures: unwritten, postponed, retired } = await updateMetadata(names, context);
  const all = [...failures, ...unwritten];
  if (remember !== undefined)
    await rememberRun({ plan, failures: all }, remember, {
      store: context.store,
      report: context.ports.report,
      tags,
    });
  return {
    plan,
    published,
    failures: all,
    metadata: written,
    postponed,
    ...(retired === undefined ? {} : { retired }),
  };
}

async function buildAndPublish(
  wanted: Wanted,
  settings: ImageSettings,
  context: ReleaseContext,
): Promise<{ readonly images: readonly ImageInputs[] } | Failure> {
  const { name, version } = wanted;
  const { report } = context.ports;
  try {
    const loaded = await context.recipeBook.find(name);
    const arches = recipeArches(loaded.recipe).join(' and ');
    return await report.group(`Build ${name} ${version} for ${arches}`, async () => {
      await using created = await createVersion(loaded, wanted, settings, context);
      for (const { inputs, warnings } of created.images) {
        for (const { url, proved } of inputs.artifacts) {
          report.info(`${url}  proved by ${proved}`);
        }
        for (const { place, message } of warnings) report.warn(`${inputs.file}${place.file}: ${message}`);
      }
      const tried = await tryVersion(created, { loaded, version }, context.gate);
      const changes = await changesSince(tried, context);
      const result = await publishVersion(loaded, tried, context, { changes });
      report.info(
        result === 'published' ? `published ${tagOf(wanted)}` : `${tagOf(wanted)} was published meanwhile`,
      );
      return { images: tried.images.map((image) => image.inputs) };
    });
  } catch (error) {
    const failure = { name, version, error: forReader(error) };
    report.warn(`${tagOf(wanted)} failed: ${failure.error.message}`);
    return failure;
  }
}
