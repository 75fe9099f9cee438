import { relative, resolve } from 'node:path';
import * as core from '@actions/core';
import { Arch, runnerArch } from '@bakery/core/names.ts';
import { chooseOptions, findVersion, requireReason } from '@bakery/core/release.ts';
import { buildImage, builtHead, builtRow, testedChapter } from './build-image.ts';
import { imageSettings } from './image-inputs.ts';
import { choiceInput, pairsInput, textInput } from './input.ts';
import { openRecipe } from './open-action.ts';
import { runAction } from './run-action.ts';
import { writeSummary } from './summary.ts';

/** One image of one version for one arch, with the record of what went into it. */
await runAction(process, async (io) => {
  const settings = imageSettings();
  const given = pairsInput('options');
  const reason = textInput('revise');
  const revise = reason === undefined ? undefined : requireReason('input revise', reason);
  const arch = choiceInput('arch', Arch.options, runnerArch(io.env['RUNNER_ARCH']));
  const folder = resolve(io.cwd, textInput('folder') ?? 'images');
  const { bakery, loaded } = await openRecipe(io);
  const { recipe } = loaded;
  const version = await findVersion(loaded, textInput('version') ?? 'latest', { ...bakery, ...bakery.ports });
  const options = await chooseOptions(recipe, version, bakery.upstream, given);
  const built = await buildImage({ loaded, version, arch, options, settings, folder, revise }, bakery);

  core.setOutput('name', recipe.name);
  core.setOutput('version', version);
  core.setOutput('arch', arch);
  core.setOutput('path', relative(io.cwd, built.path));
  core.setOutput('inputs', relative(io.cwd, built.record));
  core.setOutput('sha256', built.inputs.sha256);
  core.setOutput('size', String(built.inputs.size));
  await writeSummary([
    { title: `Built ${recipe.name} ${version}`, head: builtHead, rows: [builtRow(built)] },
    testedChapter([built]),
  ]);
});
