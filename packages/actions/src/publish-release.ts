import { join, resolve } from 'node:path';
import * as core from '@actions/core';
import type { Arch } from '@bakery/core/names/arch.ts';
import { recipeArches } from '@bakery/core/recipe/recipe-arches.ts';
import { artifactName, checkHandedOver } from '@bakery/core/release/handed-over.ts';
import { tagOf } from '@bakery/core/release/plan.ts';
import { publishImages } from '@bakery/core/release/publish-images.ts';
import { missingImages } from '@bakery/core/release/version-images.ts';
import { choiceInput, flagInput, requiredInput, textInput } from './input.ts';
import { log } from './log.ts';
import { openRecipe } from './open-action.ts';
import { runAction } from './run-action.ts';
import { writeSummary } from './summary.ts';

/** One release of the images that lie in a folder: all arches of one version, or nothing. */
await runAction(process, async (io) => {
  const version = requiredInput('version');
  const incomplete = choiceInput('incomplete', ['fail', 'skip'], 'fail');
  const folder = resolve(io.cwd, textInput('folder') ?? 'images');
  const isHandedOver = flagInput('artifacts');
  const { bakery, loaded } = await openRecipe(io);
  const id = { name: loaded.recipe.name, version };
  core.setOutput('tag', tagOf(id));

  const arches = recipeArches(loaded.recipe);
  if (isHandedOver) await checkHandedOver(folder, id, arches);
  const folderOf = (arch: Arch): string =>
    isHandedOver ? join(folder, artifactName({ ...id, arch })) : folder;
  const missing = incomplete === 'fail' ? [] : await missingImages(folderOf, id, arches);
  if (missing.length > 0) {
    const why = `${tagOf(id)} is not published: no image for ${missing.join(' and ')}; the next run tries again`;
    log.warning(why);
    core.setOutput('result', 'incomplete');
    await writeSummary([{ title: 'Not published', text: why }]);
    return;
  }
  const { result, images } = await io.report.group(`Publish ${tagOf(id)}`, () =>
    publishImages(loaded, version, folderOf, bakery),
  );
  log.info(
    result === 'published'
      ? `published ${tagOf(id)}`
      : `${tagOf(id)} was published already, before this run or by a faster one`,
  );
  core.setOutput('result', result);
  await writeSummary([
    {
      title:
        result === 'published'
          ? `Published ${tagOf(id)}`
          : `Published already, before this run or by a faster one, and left as it is: ${tagOf(id)}`,
      head: ['image', 'bytes', 'sha256'],
      rows: images.map(({ inputs }) => [inputs.file, String(inputs.size), inputs.sha256]),
    },
  ]);
});
