import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bakery } from '@bakery/core/bakery.ts';
import { scratchFolder } from '@bakery/core/lifetime.ts';
import { type Arch, imageName } from '@bakery/core/names.ts';
import { formatInputs, type ImageInputs } from '@bakery/core/provenance.ts';
import type { LoadedRecipe } from '@bakery/core/recipe.ts';
import {
  createImage,
  imageInputsName,
  type ImageSettings,
  requireOwn,
  versionInputs,
} from '@bakery/core/release.ts';
import { allChecks, type Passage, withVerdict } from '@bakery/core/trial.ts';
import type { Chapter } from './summary.ts';

export interface ImageRequest {
  readonly loaded: LoadedRecipe;
  readonly version: string;
  readonly arch: Arch;
  /** Every option of the recipe with its value. */
  readonly options: Readonly<Record<string, string>>;
  readonly settings: ImageSettings;
  /** Why a published version is revised, for its record. */
  readonly revise?: string | undefined;
  /** Folder for the image and its record; made when missing. */
  readonly folder: string;
}

export interface BuiltImage {
  readonly path: string;
  /** Path of the record of what went in. */
  readonly record: string;
  readonly inputs: ImageInputs;
  readonly seconds: number;
  /** What its test came to; absent when nobody wants to know. */
  readonly passage?: Passage;
}

/**
 * Builds one image and leaves its record beside it, for whoever publishes it. Of what stands in the folder under those
 * names, only what an earlier run left is replaced, and by both or by nothing.
 */
export async function buildImage(request: ImageRequest, bakery: Bakery): Promise<BuiltImage> {
  const { loaded, version, arch, options, settings, folder, revise } = request;
  const { report } = bakery.ports;
  const id = { name: loaded.recipe.name, version, arch };
  return report.group(`Build ${id.name} ${version} for ${arch}`, async () => {
    const path = join(folder, imageName(id));
    const record = join(folder, imageInputsName(id));
    await requireOwn({ image: path, record });
    await mkdir(folder, { recursive: true });
    await using scratch = await scratchFolder(folder);
    const started = performance.now();
    const output = join(scratch.path, imageName(id));
    const created = await createImage({ loaded, version, arch, options, settings, output }, bakery.create);
    const { warnings } = created;
    const seconds = (performance.now() - started) / 1000;
    for (const { url, proved } of created.inputs.artifacts) report.info(`${url}  proved by ${proved}`);
    for (const warning of warnings)
      report.warn(`${created.inputs.file}${warning.place.file}: ${warning.message}`);
    const { file, size, sha256 } = created.inputs;
    report.info(`${file}  ${size} bytes  sha256:${sha256}  ${seconds.toFixed(1)} s`);
    const passage = await bakery.gate?.({
      path: output,
      arch,
      loaded,
      version,
      options: created.inputs.options,
    });
    const inputs = withVerdict(created.inputs, passage);
    const made = join(scratch.path, imageInputsName(id));
    await writeFile(
      made,
      formatInputs(await versionInputs(loaded, version, { [arch]: inputs }, bakery.create, revise)),
    );
    // A record without its image is known as ours by whoever comes after a kill; an image without its record is not.
    await rm(path, { force: true });
    await rename(made, record);
    await rename(output, path);
    return { path, record, inputs, seconds, ...(passage === undefined ? {} : { passage }) };
  });
}

/** A row of a summary: image, bytes, sha256, seconds. */
export function builtRow({ inputs, seconds }: BuiltImage): string[] {
  return [inputs.file, String(inputs.size), inputs.sha256, seconds.toFixed(1)];
}

export const builtHead = ['image', 'bytes', 'sha256', 'seconds'];

/** What each image was tried for, as a chapter of a summary; nothing where nothing was tried. */
export function testedChapter(built: readonly BuiltImage[]): Chapter {
  const rows = built.flatMap(({ inputs: { file }, passage }) => {
    if (passage === undefined) return [[file, 'test', 'off', '']];
    if ('skipped' in passage) return [[file, 'test', 'skipped', passage.skipped]];
    return allChecks(passage).map(({ what, result, said }) => [file, what, result, said.join(' ')]);
  });
  return { title: 'Tested', head: ['image', 'check', 'result', 'said'], rows };
}
