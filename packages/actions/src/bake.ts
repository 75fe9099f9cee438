import { relative, resolve } from 'node:path';
import * as core from '@actions/core';
import { UserError } from '@bakery/core/diagnostics.ts';
import { Arch, tagOf } from '@bakery/core/names.ts';
import { recipeArches } from '@bakery/core/recipe.ts';
import { chooseOptions, findVersion, publishImages, updateMetadata } from '@bakery/core/release.ts';
import { buildImage, builtHead, builtRow, type BuiltImage, testedChapter } from './build-image.ts';
import { imageSettings } from './image-inputs.ts';
import { choiceInput, flagInput, pairsInput, textInput } from './input.ts';
import { openRecipe } from './open-action.ts';
import { runAction } from './run-action.ts';
import { writeSummary, type Chapter } from './summary.ts';

/** One version of one extension from recipe to release, in one step. */
await runAction(process, async (io) => {
  const settings = imageSettings();
  const given = pairsInput('options');
  const arch = choiceInput('arch', ['all', ...Arch.options], 'all');
  const publish = flagInput('publish');
  if (publish && arch !== 'all') {
    throw new UserError(
      'input.invalid',
      `input arch: expected all, as a release has every arch of its recipe, got "${arch}"`,
    );
  }
  const folder = resolve(io.cwd, textInput('folder') ?? 'images');
  const { bakery, loaded } = await openRecipe(io);
  const { recipe } = loaded;
  const version = await findVersion(loaded, textInput('version') ?? 'latest', { ...bakery, ...bakery.ports });
  const options = await chooseOptions(recipe, version, bakery.upstream, given);
  const built: BuiltImage[] = [];
  for (const one of arch === 'all' ? recipeArches(recipe) : [arch]) {
    built.push(await buildImage({ loaded, version, arch: one, options, settings, folder }, bakery));
  }
  core.setOutput('name', recipe.name);
  core.setOutput('version', version);
  core.setOutput('paths', built.map(({ path }) => relative(io.cwd, path)).join('\n'));
  core.setOutput('result', 'built');
  const chapters: Chapter[] = [
    { title: `Built ${recipe.name} ${version}`, head: builtHead, rows: built.map(builtRow) },
    testedChapter(built),
  ];
  if (publish) {
    const tag = tagOf({ name: recipe.name, version });
    const { result } = await io.report.group(`Publish ${tag}`, () =>
      publishImages(loaded, version, () => folder, bakery),
    );
    core.setOutput('result', result);
    const { written, failures } = await updateMetadata([recipe.name], bakery);
    const [failure] = failures;
    if (failure !== undefined) throw failure.error;
    chapters.push({
      title: 'Published',
      head: ['release', 'result'],
      rows: [[tag, result], ...written.map((name) => [name, 'metadata written'])],
    });
  }
  await writeSummary(chapters);
});
