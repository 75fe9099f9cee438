import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../../diagnostics/user-error.ts';
import { hashOf } from '../../fetch/hashing.ts';
import { inFile } from '../../lifetime/file-errors.ts';
import { attestationName, inputsName, sbomName, sidecarName } from '../../names/file-names.ts';
import { globalTag, manifestName } from '../../names/manifest-name.ts';
import { tagOf } from '../../names/tag.ts';
import { readAttestation } from '../../provenance/attested.ts';
import { formatInputs } from '../../provenance/inputs.ts';
import { formatSbom } from '../../provenance/sbom.ts';
import type { LoadedRecipe } from '../../recipe/loaded.ts';
import { formatManifest, type ManifestEntry } from '../../sysupdate/manifest.ts';
import type { TextFile } from '../../sysupdate/transfer.ts';
import type { VersionImages } from '../create/version-images.ts';
import { signatureName } from './sign-manifest.ts';
import { transferFilesOf, type Target } from './transfer-files.ts';
import { upstreamNotes } from './upstream-notes.ts';

export interface PublishOptions {
  /** Goes into the notes. */
  readonly changes?: string | undefined;
  /** File of a Sigstore bundle that attests what `subjectsOf` names. */
  readonly attestation?: string | undefined;
}

/**
 * Publishes the images of a version as one release, with manifest, sysupdate files, the record of inputs, the bill of
 * materials, and the attestation where there is one.
 */
export async function publishVersion(
  loaded: LoadedRecipe,
  created: VersionImages,
  target: Target,
  { changes, attestation }: PublishOptions = {},
): Promise<'published' | 'exists'> {
  const { recipe } = loaded;
  const { inputs, images } = created;
  const [first] = images;
  const tag = tagOf(inputs);
  if (first === undefined) throw new Error(`${tag}: no images`);
  if (target.attest === 'required' && attestation === undefined) {
    if ((await target.store.releases([tag])).length > 0) return 'exists';
    throw new UserError(
      'attest.missing',
      `${tag}: attest: required: expected an attestation to publish, got none`,
      {
        hint: 'the workflow bake.yaml makes one with actions/attest; where you chain the actions yourself, so must you',
      },
    );
  }
  const signer = await target.signer?.();
  const sidecars = await sidecarsOf(created, target);
  const manifest = formatManifest([
    ...images.map((image) => ({ name: image.inputs.file, sha256: image.inputs.sha256 })),
    ...sidecars,
  ]);
  const versions = [inputs.version];
  const texts = [
    ...transferFilesOf(recipe, versions, target, signer !== undefined, sidecars.length === 0 ? [] : versions),
    ...recordsOf(recipe, inputs),
    ...(attestation === undefined
      ? []
      : [
          {
            name: attestationName(inputs.name, inputs.version),
            text: await readAttestation(attestation, subjectsOf(loaded, created)),
          },
        ]),
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
    tag,
    title: `${recipe.name} ${inputs.version}`,
    notes: releaseNotes(recipe, created, changes),
    indexes: [recipe.name, globalTag],
    files: [
      ...images.map((image) => ({ name: image.inputs.file, path: image.path })),
      ...sidecars.map(({ name, path }) => ({ name, path })),
      ...(await Promise.all(files)),
    ],
  });
}

/** Files for dm-verity, made where the key is. The images stay as they are. */
async function sidecarsOf(
  { images, inputs: { name, version } }: VersionImages,
  { verity }: Target,
): Promise<readonly (ManifestEntry & { readonly path: string })[]> {
  const make = await verity?.();
  if (make === undefined) return [];
  const made: (ManifestEntry & { readonly path: string })[] = [];
  for (const { arch, path, inputs } of images) {
    for (const { kind, ...sidecar } of await make({ path, sha256: inputs.sha256 }))
      made.push({ name: sidecarName({ name, version, arch }, kind), ...sidecar });
  }
  return made;
}

/** What an attestation is to be about: the images and what is said of them. The same every time. */
export function subjectsOf(
  { recipe }: LoadedRecipe,
  { images, inputs }: VersionImages,
): readonly ManifestEntry[] {
  return [
    ...images.map((image) => ({ name: image.inputs.file, sha256: image.inputs.sha256 })),
    ...recordsOf(recipe, inputs).map(({ name, text }) => ({
      name,
      sha256: hashOf(text),
    })),
  ];
}

function recordsOf(recipe: LoadedRecipe['recipe'], inputs: VersionImages['inputs']): readonly TextFile[] {
  return [
    { name: inputsName(inputs.name, inputs.version), text: formatInputs(inputs) },
    { name: sbomName(inputs.name, inputs.version), text: formatSbom(recipe, inputs) },
  ];
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
    ...(revision === undefined ? [] : [`Rebuild of ${revision.of}: ${revision.why}`, '']),
    '| arch | image | bytes | sha256 |',
    '|---|---|---|---|',
    ...rows,
    '',
    ...(changes === undefined ? [] : [changes]),
  ].join('\n');
}
