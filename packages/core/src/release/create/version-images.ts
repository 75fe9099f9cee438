import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { hashesOfFile } from '../../fetch/hash-file.ts';
import { parseJson } from '../../language/foreign-data.ts';
import { readPlain } from '../../lifetime/read-plain.ts';
import type { Arch } from '../../names/arch.ts';
import { imageName, type ImageId } from '../../names/file-names.ts';
import { tagOf } from '../../names/tag.ts';
import { Inputs, type ImageInputs } from '../../provenance/inputs.ts';

/** The images of one version, one an arch, and the record of what all of them were made from. */
export interface VersionImages {
  readonly images: readonly {
    readonly arch: Arch;
    readonly path: string;
    readonly inputs: ImageInputs;
  }[];
  readonly inputs: Inputs;
}

/** `NAME-VERSION-ARCH.inputs.json`: the record beside an image that waits to be published with others. */
export function imageInputsName(image: ImageId): string {
  return imageName(image).replace(/raw$/, 'inputs.json');
}

/** Where the image of each arch lies, with its record. */
export type FolderOf = (arch: Arch) => string;

/** Those of `arches` that there is no image of. */
export async function missingImages(
  folderOf: FolderOf,
  version: { readonly name: string; readonly version: string },
  arches: readonly Arch[],
): Promise<readonly Arch[]> {
  const looked = arches.map(async (arch) => {
    const files = new Set(await readdir(folderOf(arch)).catch(() => []));
    return files.has(imageName({ ...version, arch })) ? [] : [arch];
  });
  return (await Promise.all(looked)).flat();
}

/**
 * Reads the images that different machines made of one version. A UserError tells what keeps them from being
 * one release: an arch is missing, bytes differ from their record, or they were not made from the same things.
 */
export async function readVersionImages(
  folderOf: FolderOf,
  version: { readonly name: string; readonly version: string },
  arches: readonly Arch[],
): Promise<VersionImages> {
  const missing = await missingImages(folderOf, version, arches);
  if (missing.length > 0) {
    throw new UserError(
      'release.incomplete',
      `${tagOf(version)}: expected images for ${arches.join(' and ')}, found none in ${missing.map(folderOf).join(' and ')} for ${missing.join(' and ')}`,
    );
  }
  const found = await Promise.all(arches.map((arch) => readImage(folderOf(arch), { ...version, arch })));
  const [first, ...others] = found;
  if (first === undefined)
    throw new UserError('recipe.no-arch', `${tagOf(version)}: expected a recipe with an arch`);
  for (const other of others) requireSame(tagOf(version), first, other);
  return {
    images: found.map(({ arch, path, image }) => ({ arch, path, inputs: image })),
    inputs: {
      inputs: 1,
      ...version,
      ...(first.record.revision === undefined ? {} : { revision: first.record.revision }),
      ...agreedOrigin([first, ...others]),
      images: Object.fromEntries(found.map(({ arch, image }) => [arch, image])),
    },
  };
}

/** Nothing is said of what differs from arch to arch: a release has one recipe, which commits around it leave alone. */
function agreedOrigin(found: readonly [FoundImage, ...FoundImage[]]): Pick<Inputs, 'bakery' | 'recipe'> {
  const [{ record }] = found;
  const isAgreed = (what: 'bakery' | 'recipe'): boolean =>
    found.every((other) => isDeepStrictEqual(other.record[what], record[what]));
  return {
    ...(record.bakery !== undefined && isAgreed('bakery') ? { bakery: record.bakery } : {}),
    recipe: isAgreed('recipe') ? record.recipe : { sha256: record.recipe.sha256 },
  };
}

interface FoundImage {
  readonly arch: Arch;
  readonly path: string;
  readonly record: Inputs;
  readonly image: ImageInputs;
}

async function readImage(folder: string, id: ImageId): Promise<FoundImage> {
  const path = join(folder, imageName(id));
  const record = await readRecord(join(folder, imageInputsName(id)));
  const image = record.images[id.arch];
  if (record.name !== id.name || record.version !== id.version || image?.file !== imageName(id)) {
    throw new UserError(
      'release.record',
      `${imageInputsName(id)}: expected the record of ${imageName(id)}, got ${tagOf(record)}`,
    );
  }
  // Here every byte is read anyway. Who makes an image does not wait for a second hash of it.
  const [{ size }, { sha256, sha512 }] = await Promise.all([stat(path), hashesOfFile(path, 'sha512')]);
  if (size !== image.size || sha256 !== image.sha256) {
    throw new UserError(
      'release.differs',
      `${imageName(id)}: expected ${image.size} bytes with sha256 ${image.sha256} as recorded, got ${size} bytes with ${sha256}`,
    );
  }
  return { arch: id.arch, path, record, image: { ...image, ...(sha512 === undefined ? {} : { sha512 }) } };
}

const maxRecordBytes = 16 * 1024 ** 2; // one with a thousand artifacts takes half a megabyte

async function readRecord(path: string): Promise<Inputs> {
  const text = await readPlain(path, { maxBytes: maxRecordBytes });
  if (text === undefined)
    throw new UserError('release.record', `${path}: expected the record of an image, found none`);
  let data: unknown;
  try {
    data = parseJson(text.toString('utf8'));
  } catch (cause) {
    throw new UserError('release.record', `${path}: expected JSON`, { cause });
  }
  const parsed = Inputs.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new UserError(
    'release.record',
    `${path}: expected the record of an image: ${z.prettifyError(parsed.error)}`,
  );
}

/** One release is one recipe, one choice of options and one way of packing, whatever the arch. */
function requireSame(tag: string, one: FoundImage, other: FoundImage): void {
  const facts = ({ record, image }: FoundImage): Record<string, string> => ({
    recipe: record.recipe.sha256,
    format: image.format,
    epoch: String(image.epoch),
    options: JSON.stringify(
      Object.keys(image.options)
        .toSorted()
        .map((name) => [name, image.options[name]]),
    ),
  });
  const theirs = facts(other);
  for (const [what, value] of Object.entries(facts(one))) {
    if (value === theirs[what]) continue;
    throw new UserError(
      'release.differs',
      `${tag}: expected the same ${what} for all arches, got ${value} for ${one.arch} and ${theirs[what]} for ${other.arch}`,
    );
  }
}
