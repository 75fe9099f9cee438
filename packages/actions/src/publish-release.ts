import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as core from '@actions/core';
import type { Bakery, HostProcess } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { tagOf } from '@bakery/core/names.ts';
import type { Arch } from '@bakery/core/names.ts';
import type { AttestMode } from '@bakery/core/provenance.ts';
import { type LoadedRecipe, recipeArches } from '@bakery/core/recipe.ts';
import {
  artifactName,
  checkHandedOver,
  missingImages,
  postponedBy,
  publishImages,
  subjectsOfImages,
  updateExtensionMetadata,
  whatWaits,
} from '@bakery/core/release.ts';
import { attestableHere } from './attestable-here.ts';
import { choiceInput, flagInput, requiredInput, textInput } from './input.ts';
import { log } from './log.ts';
import { openRecipe } from './open-action.ts';
import { runAction } from './run-action.ts';
import { writeSummary, type Chapter } from './summary.ts';
import { leaveTrouble } from './trouble.ts';

/** One release of the images that lie in a folder: all arches of one version, or nothing. */
await runAction(process, async (io) => {
  const version = requiredInput('version');
  const incomplete = choiceInput('incomplete', ['fail', 'skip'], 'fail');
  const folder = resolve(io.cwd, textInput('folder') ?? 'images');
  const isHandedOver = flagInput('artifacts');
  const withIndex = flagInput('index');
  const { bakery, loaded } = await openRecipe(io);
  const id = { name: loaded.recipe.name, version };
  core.setOutput('tag', tagOf(id));

  const arches = recipeArches(loaded.recipe);
  if (isHandedOver) await checkHandedOver(folder, id, arches);
  const folderOf = (arch: Arch): string =>
    isHandedOver ? join(folder, artifactName({ ...id, arch })) : folder;
  const missing = incomplete === 'fail' ? [] : await missingImages(folderOf, id, arches);
  const subjects = textInput('subjects');
  if (subjects !== undefined) {
    const isWanted = missing.length === 0 && (await isAbsent(tagOf(id), bakery));
    const { answer } = isWanted ? attestableHere(bakery.attest, io.env) : { answer: 'no' };
    if (answer !== 'no') {
      await writeFile(resolve(io.cwd, subjects), await subjectsOfImages(loaded, version, folderOf));
    }
    core.setOutput('attest', answer);
    return;
  }
  const { result, chapter, proof }: Outcome =
    missing.length > 0
      ? incompleteOutcome(tagOf(id), missing)
      : await io.report.group(`Publish ${tagOf(id)}`, () => publish(loaded, version, folderOf, bakery, io));
  core.setOutput('result', result);
  if (result === 'waiting' && 'text' in chapter)
    await leaveTrouble(io.env, { kind: 'waiting', why: chapter.text });
  await writeSummary([chapter, ...(proof === undefined ? [] : [proof])]);
  if (withIndex) {
    await io.report.group(`Update the index of ${id.name}`, () => updateIndex(loaded, bakery));
  }
});

/** Where GitHub accepts no more for now, what is attested may turn out to be published: that does no harm. */
async function isAbsent(tag: string, { store }: Bakery): Promise<boolean> {
  try {
    return (await store.releases([tag])).length === 0;
  } catch (error) {
    if (postponedBy(tag, error) === undefined) throw error;
    return true;
  }
}

interface Outcome {
  readonly result: 'published' | 'exists' | 'incomplete' | 'waiting';
  readonly chapter: Chapter;
  readonly proof?: Chapter;
}

function incompleteOutcome(tag: string, missing: readonly Arch[]): Outcome {
  const text = `${tag} is not published: no image for ${missing.join(' and ')}; the next run tries again`;
  log.warning(text);
  return { result: 'incomplete', chapter: { title: 'Not published', text } };
}

async function publish(
  loaded: LoadedRecipe,
  version: string,
  folderOf: (arch: Arch) => string,
  bakery: Bakery,
  io: HostProcess,
): Promise<Outcome> {
  const tag = tagOf({ name: loaded.recipe.name, version });
  const attestation = textInput('attestation');
  try {
    const file = attestation === undefined ? undefined : resolve(io.cwd, attestation);
    const { result, images } = await publishImages(loaded, version, folderOf, {
      ...bakery,
      attestation: file,
    });
    const already = 'published already, before this run or by a faster one';
    log.info(result === 'published' ? `published ${tag}` : `${tag} was ${already}`);
    return {
      result,
      chapter: {
        title: result === 'published' ? `Published ${tag}` : `${tag} was ${already}, and is left as it is`,
        head: ['image', 'bytes', 'sha256'],
        rows: images.map(({ inputs }) => [inputs.file, String(inputs.size), inputs.sha256]),
      },
      ...(result === 'published' ? { proof: proofOf(attestation, bakery.attest, io.env) } : {}),
    };
  } catch (error) {
    const waiting = postponedBy(tag, error);
    if (waiting === undefined) throw error;
    const text = `${tag} ${whatWaits(waiting)}: GitHub accepts no more for now`;
    log.warning(text);
    return { result: 'waiting', chapter: { title: 'Waiting', text } };
  }
}

/** Whether strangers can tell who published it, in plain words. */
function proofOf(attestation: string | undefined, mode: AttestMode, env: HostProcess['env']): Chapter {
  const title = 'Attestation';
  if (attestation !== undefined)
    return { title, text: 'Attested: bakery verify --provenance tells by whom.' };
  const { why } = attestableHere(mode, env);
  return { title, text: `Not attested: ${why || 'no attestation was made before'}.` };
}

/** What fails here the metadata job does again, and tells. */
async function updateIndex({ recipe }: LoadedRecipe, bakery: Bakery): Promise<void> {
  try {
    const context = { ...bakery, names: bakery.recipeBook.names };
    const result = await updateExtensionMetadata(recipe.name, recipe, context);
    if (typeof result !== 'string') log.warning(whatWaits({ name: recipe.name, ...result }));
    else log.info(`${recipe.name}: ${result}`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    log.warning(`${recipe.name}: its index is not written yet: ${error.message}`);
  }
}
