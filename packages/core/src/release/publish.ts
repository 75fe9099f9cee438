import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inFile } from '../lifetime/file-errors.ts';
import { inputsName, sbomName } from '../names/file-names.ts';
import { globalTag, manifestName } from '../names/manifest-name.ts';
import { formatInputs } from '../provenance/inputs.ts';
import { formatSbom } from '../provenance/sbom.ts';
import type { LoadedRecipe } from '../recipe/loaded.ts';
import { formatManifest } from '../sysupdate/manifest.ts';
import { tagOf } from './plan.ts';
import { signatureName } from './sign-manifest.ts';
import { transferFilesOf, type Target } from './transfer-files.ts';
import { upstreamNotes } from './upstream-notes.ts';
import type { VersionImages } from './version-images.ts';

/**
 * Publishes the images of a version as one release, with manifest, sysupdate files, the record of inputs and the bill of materials. `changes`
 * goes into its notes.
 */
export async function publishVersion(
  { recipe }: LoadedRecipe,
  created: VersionImages,
  target: Target,
  changes?: string,
): Promise<'published' | 'exists'> {
  const { inputs, images } = created;
  const [first] = images;
  if (first === undefined) throw new Error(`${tagOf(inputs)}: no images`);
  const signer = await target.signer?.();
  const manifest = formatManifest(
    images.map((image) => ({ name: image.inputs.file, sha256: image.inputs.sha256 })),
  );
  const texts = [
    ...transferFilesOf(recipe, [inputs.version], target, signer !== undefined),
    { name: inputsName(inputs.name, inputs.version), text: formatInputs(inputs) },
    { name: sbomName(inputs.name, inputs.version), text: formatSbom(recipe, inputs) },
    { name: manifestName, text: manifest },
    ...(signer === undefined ? [] : [{ name: signatureName, text: await signer.sign(manifest) }]),
  ];
  const folder = dirname(first.path);
  const files = texts.map(async ({ name, text }) => {
    const path = join(folder, name);
    await inFile(path, writeFile(path, text));
    return { name, path };
  });
  return target.store.publish({
    tag: tagOf(inputs),
    title: `${recipe.name} ${inputs.version}`,
    notes: releaseNotes(recipe, created, changes),
    indexes: [recipe.name, globalTag],
    files: [
      ...images.map((image) => ({ name: image.inputs.file, path: image.path })),
      ...(await Promise.all(files)),
    ],
  });
}

function releaseNotes(
  recipe: LoadedRecipe['recipe'],
  { images, inputs: { revision } }: VersionImages,
  changes: string | undefined,
): string {
  const rows = images.map(
    ({ arch, inputs }) => `| ${arch} | ${inputs.file} | ${inputs.size} | \`${inputs.sha256}\` |`,
  );
  const [first] = images;
  const upstream = first === undefined ? undefined : upstreamNotes(recipe, first.inputs);
  return [
    `[${recipe.name}](${recipe.homepage}): ${recipe.summary}`,
    ...(upstream === undefined ? [] : ['', `What is new upstream: <${upstream}>`]),
    '',
    ...(revision === undefined ? [] : [`${revision.of} baked anew: ${revision.why}`, '']),
    '| arch | image | bytes | sha256 |',
    '|---|---|---|---|',
    ...rows,
    '',
    ...(changes === undefined ? [] : [changes]),
  ].join('\n');
}
