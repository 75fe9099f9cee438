import { writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import * as core from '@actions/core';
import { context } from '@actions/github';
import { tagOf } from '@bakery/core/names.ts';
import { isWorthRemembering, readStatus } from '@bakery/core/release.ts';
import { jsonInput, textInput } from './input.ts';
import { log } from './log.ts';
import { openFromInputs } from './open-action.ts';
import { readVerdicts } from './rebuild-verdict.ts';
import { runAction } from './run-action.ts';
import { DeferredReleases, FailedReleases, PlannedReleases, storyChapters, tellRun } from './run-story.ts';
import { writeSummary } from './summary.ts';
import { readTroubles } from './trouble.ts';
import { unlessBusy } from './unless-busy.ts';

/** One summary of a whole run, for people and as `run.json`. */
await runAction(process, async (io) => {
  const planned = jsonInput('releases', PlannedReleases) ?? [];
  const unresolved = ['failed', 'metadata'].flatMap((input) => jsonInput(input, FailedReleases) ?? []);
  const deferred = jsonInput('deferred', DeferredReleases) ?? [];
  const { store } = await openFromInputs(io);
  const told = resolve(io.cwd, textInput('troubles') ?? 'bakery-trouble');
  const tags = planned.map(({ extension, version }) => tagOf({ name: extension, version }));
  const releases = await unlessBusy('What was published was not looked at', async () =>
    tags.length === 0 ? [] : store.releases(tags),
  );
  const story = tellRun({
    planned,
    deferred,
    unresolved,
    leftOut: jsonInput('left-out', FailedReleases) ?? [],
    releases: releases === 'busy' ? undefined : releases,
    troubles: await readTroubles(told),
    rebuilt: await readVerdicts(told),
    urlOf: (tag) =>
      `${context.serverUrl}/${context.repo.owner}/${context.repo.repo}/releases/tag/${encodeURIComponent(tag)}`,
  });
  const output = resolve(io.cwd, textInput('output') ?? 'run.json');
  await writeFile(output, `${JSON.stringify(story, undefined, 2)}\n`);
  core.setOutput('path', relative(io.cwd, output));
  const { published, waiting, failed } = story;
  const status = await unlessBusy('What fails or waits is not remembered', () => readStatus(store));
  const isRot = status !== 'busy' && isWorthRemembering(status, story);
  core.setOutput('rot', String(isRot));
  log.info(`${published.length} published, ${waiting.length} waiting, ${failed.length} not published`);
  await writeSummary(storyChapters(story));
});
