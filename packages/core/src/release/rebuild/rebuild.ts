import { join } from 'node:path';
import type { ChangedInput } from '../../compare/compare-inputs.ts';
import { compareImages, isSameTree, type Side } from '../../compare/comparison.ts';
import { publishedSide } from '../../compare/sides.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import { ImageFormat, formats } from '../../image/formats.ts';
import { scratchFolder } from '../../lifetime/scratch.ts';
import type { Arch } from '../../names/arch.ts';
import { inputsName } from '../../names/file-names.ts';
import { releaseTag } from '../../names/tag.ts';
import { type ImageInputs, Inputs } from '../../provenance/inputs.ts';
import type { Download } from '../../recipe/image-plan.ts';
import type { LoadedRecipe } from '../../recipe/loaded.ts';
import type { Store } from '../../store/store.ts';
import type { ImageSettings } from '../check/image-settings.ts';
import { createImage, type CreateContext } from '../create/create.ts';
import { versionInputs } from '../create/version-inputs.ts';
import { publishedKeysRecipe } from '../metadata/published-keys.ts';
import { recordedRecipe } from './recorded-recipe.ts';

/** What came of building a published image again. */
export interface Rebuilt {
  readonly name: string;
  readonly version: string;
  readonly arch: Arch;
  /** `same`: byte for byte. `same files`: packed otherwise. */
  readonly verdict: 'same' | 'same files' | 'different';
  /** SHA-256 of the published image, and of the one that was built now. */
  readonly published: string;
  readonly built: string;
  /** The first path that differs. */
  readonly first?: string;
  /** What was not as it was when the image was published: what may explain the difference. */
  readonly changed: readonly ChangedInput[];
  /** Whether nothing is left to explain. */
  readonly isExplained: boolean;
}

export interface RebuildContext extends CreateContext {
  readonly store: Store;
}

/** The record of a published version. */
export async function publishedInputs(name: string, version: string, store: Store): Promise<Inputs> {
  const tag = releaseTag(name, version);
  const file = inputsName(name, version);
  const text = await store.read(tag, file);
  if (text === undefined) {
    throw new UserError('store.missing', `${tag}: expected ${file} in ${store.name}, found none`, {
      hint: 'give the version as it was published, with or without its "v"; bakery list-bakery shows them',
    });
  }
  try {
    return Inputs.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError(
      'release.record',
      `${tag}: expected the record of a version in ${file}, got something else`,
      { cause },
    );
  }
}

/**
 * Builds a published image again, from its record: the same artifacts by their hashes, the same options and packing,
 * the recipe as it was; without one it is made of the published keys. What upstream no longer has, or has otherwise, is a UserError that names it.
 */
export async function rebuildImage(
  inputs: Inputs,
  arch: Arch,
  { now, context }: { readonly now: LoadedRecipe | undefined; readonly context: RebuildContext },
): Promise<Rebuilt> {
  const { name, version } = inputs;
  const image = inputs.images[arch];
  if (image === undefined) {
    const arches = Object.keys(inputs.images).join(' and ');
    throw new UserError(
      'store.missing',
      `${releaseTag(name, version)}: expected an image for ${arch}, got some for ${arches}`,
    );
  }
  await using folder = await scratchFolder(context.scratch);
  const room = { ...context, ...context.ports, temporary: context.scratch };
  const { format } = settingsOf(image);
  if (now === undefined) await context.requireTools([...formats[format].reads]);
  const known =
    now ?? (await publishedKeysRecipe(inputs, arch, { store: context.store, folder: folder.path, room }));
  const { loaded } = await recordedRecipe(known, inputs, { exec: context.ports.exec, folder: folder.path });
  const output = join(folder.path, 'built.raw');
  const created = await createImage(
    { loaded, version, arch, options: image.options, settings: settingsOf(image), output },
    { ...context, fetch: (downloads, ...more) => context.fetch(byHash(downloads, inputs, image), ...more) },
  );
  const id = { name, version, arch };
  const { sha256: published } = image;
  const built = created.inputs.sha256;
  if (built === published)
    return { ...id, verdict: 'same', published, built, changed: [], isExplained: true };
  const record = { image: created.inputs, version: await versionInputs(loaded, version, {}, context) };
  const rebuilt: Side = { name: 'built', path: created.path, record };
  await context.requireTools([...formats[format].reads]);
  const comparison = await compareImages(await publishedSide(id, context.store, folder.path), rebuilt, room);
  const { added, removed, changed: paths } = comparison.files;
  const [first] = [...added, ...removed, ...paths].map(({ path }) => path).toSorted();
  const verdict = isSameTree(comparison) ? 'same files' : 'different';
  const changed = comparison.inputs ?? [];
  const isExplained = verdict === 'same files' && changed.some(({ what }) => decidesBytes(what));
  return {
    ...id,
    verdict,
    published,
    built,
    ...(first === undefined ? {} : { first }),
    changed,
    isExplained,
  };
}

/** Whether other bytes of the same files are no wonder. */
function decidesBytes(what: string): boolean {
  return what === 'tool' || what.startsWith('lib');
}

function settingsOf({
  format,
  epoch,
  packing,
}: ImageInputs): ImageSettings & { readonly format: ImageFormat } {
  const { compression, level, blockSize, size } = packing ?? {};
  return {
    format: ImageFormat.parse(format),
    epoch,
    ...(compression === undefined ? {} : { compression }),
    ...(level === undefined ? {} : { level }),
    ...(blockSize === undefined ? {} : { blockSize }),
    ...(size === undefined ? {} : { extSize: size }),
  };
}

/** The same downloads with the hashes of the record, whatever upstream says of them today. */
function byHash(
  downloads: readonly Download[],
  { name, version }: Inputs,
  { artifacts }: ImageInputs,
): readonly Download[] {
  return downloads.map((asked) => {
    // The hash is what its signature proved when it was published.
    const download = { ...asked };
    delete download.signature;
    const recorded = artifacts.find(({ url }) => url === download.url);
    if (recorded !== undefined) {
      return { ...download, integrity: { kind: 'hash', hash: `sha256:${recorded.sha256}` } };
    }
    const known = artifacts.map(({ url }) => url).join(', ');
    throw new UserError(
      'fetch.no-hash',
      `${releaseTag(name, version)}: expected only artifacts of its record (${known}), got ${download.url}`,
      { hint: 'the recipe has changed since: check out the commit that the record names' },
    );
  });
}
