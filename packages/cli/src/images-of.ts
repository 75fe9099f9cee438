import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Bakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { defaultFormat, detectFormat, formats, verifyImage } from '@bakery/core/image.ts';
import { absent } from '@bakery/core/lifetime.ts';
import { type Arch, imageName } from '@bakery/core/names.ts';
import type { LoadedRecipe } from '@bakery/core/recipe.ts';
import { chooseOptions, createImage, findVersion } from '@bakery/core/release.ts';
import { readAsked } from './asked.ts';
import type { Io } from './io.ts';
import { UsageError } from './run-cli.ts';

export interface NamedImage {
  /** What the extension calls itself, and so the name its file has on a host. */
  readonly name: string;
  readonly path: string;
  /** `NAME-VERSION-ARCH.raw`, or what the file is called. */
  readonly file: string;
}

/** The images that words of a command line mean: files, or EXT[:VERSION], which is built into `folder`. */
export async function imagesOf(
  words: readonly string[],
  arch: Arch,
  { bakery, io, folder }: { readonly bakery: Bakery; readonly io: Io; readonly folder: string },
): Promise<NamedImage[]> {
  const images: NamedImage[] = [];
  for (const word of words) {
    const path = resolve(io.cwd, word);
    const isFile = (await stat(path).catch(absent))?.isFile() === true;
    const image = isFile
      ? await readImage(path, word, arch, bakery, io)
      : await buildNamed(word, arch, bakery, folder);
    if (images.some(({ name }) => name === image.name)) {
      throw new UserError('input.invalid', `${word}: expected each extension once, got ${image.name} again`);
    }
    images.push(image);
  }
  return images;
}

async function readImage(
  path: string,
  word: string,
  arch: Arch,
  bakery: Bakery,
  io: Io,
): Promise<NamedImage> {
  await bakery.requireTools([...formats[await detectFormat(path)].reads]);
  const { isRoot, tmpdir: temporary } = io;
  const found = await verifyImage(path, { ...bakery.ports, path: bakery.path, isRoot, temporary });
  if (found.name === undefined) {
    throw new UserError('input.invalid', `${word}: expected an extension, got an image that says no name`, {
      hint: `bakery verify ${word} says more`,
    });
  }
  if (found.arch !== arch && found.arch !== undefined) {
    throw new UserError('input.invalid', `${word}: expected an image for ${arch}, got one for ${found.arch}`);
  }
  return { name: found.name, path, file: basename(path) };
}

/** An image that was built for one run of a command, with what it was made from. */
export interface BuiltImage extends NamedImage {
  readonly loaded: LoadedRecipe;
  readonly version: string;
  readonly options: Readonly<Record<string, string>>;
}

/** Builds EXT[:VERSION] into `folder`. */
export async function buildNamed(
  word: string,
  arch: Arch,
  bakery: Bakery,
  folder: string,
): Promise<BuiltImage> {
  if (word.endsWith('.raw'))
    throw new UserError('input.invalid', `${word}: expected an image, found no such file`);
  const { upstream, ports, recipeBook, create } = bakery;
  const [asked] = readAsked([word], []);
  if (asked === undefined) throw new UsageError(`expected EXT or EXT:VERSION, got "${word}"`);
  const { name, version } = asked;
  const loaded = await recipeBook.find(name);
  const found = await findVersion(loaded, version, { upstream, report: ports.report });
  await bakery.requireTools(formats[defaultFormat].packs);
  return ports.report.group(`Build ${name} ${found} for ${arch}`, async () => {
    const options = await chooseOptions(loaded.recipe, found, upstream);
    const settings = { format: defaultFormat, epoch: 0 };
    const request = { loaded, version: found, arch, options, settings, output: join(folder, `${name}.raw`) };
    const { path } = await createImage(request, create);
    return { name, path, file: imageName({ name, version: found, arch }), loaded, version: found, options };
  });
}
