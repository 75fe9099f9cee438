import { basename, join, resolve } from 'node:path';
import type { Bakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { defaultFormat, detectFormat, formats, verifyImage } from '@bakery/core/image.ts';
import { whatStandsAt } from '@bakery/core/lifetime.ts';
import { type Arch, imageName } from '@bakery/core/names.ts';
import type { LoadedRecipe } from '@bakery/core/recipe.ts';
import { chooseOptions, createImage, findVersion, type VersionRequest } from '@bakery/core/release.ts';
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

interface ImagesContext {
  readonly bakery: Bakery;
  readonly io: Io;
  /** Where images are built. */
  readonly folder: string;
  /** Called once all words have been looked at, and nothing is built yet. */
  readonly beforeBuilds?: () => Promise<void>;
}

/** The images that words of a command line mean: files, or EXT[:VERSION], which is built. */
export async function imagesOf(
  words: readonly string[],
  arch: Arch,
  { bakery, io, folder, beforeBuilds }: ImagesContext,
): Promise<NamedImage[]> {
  const once = onlyOnce();
  return await fromWords(words, io, {
    ofFile: async (path, word) => once(await readImage(path, word, arch, bakery, io), word),
    ofName: (word) => buildNamed(word, arch, bakery, folder),
    check: (word) => once(readName(word), word),
    beforeBuilds,
  });
}

/** UserError for a word that is neither a file nor of a recipe: said before anything that takes long. */
export async function requireImages(
  words: readonly string[],
  { recipeBook }: Bakery,
  { cwd }: Pick<Io, 'cwd'>,
): Promise<void> {
  for (const word of words) {
    if (!(await isImageFile(word, cwd))) await recipeBook.find(readName(word).name);
  }
}

/**
 * What each word of a command line means, in their order: a file that is there, or EXT[:VERSION]. Files are looked at first,
 * and nothing is built before every name has passed the `check`.
 */
export async function fromWords<T>(
  words: readonly string[],
  { cwd }: Pick<Io, 'cwd'>,
  {
    ofFile,
    ofName,
    check,
    beforeBuilds,
  }: {
    readonly ofFile: (path: string, word: string) => Promise<T>;
    readonly ofName: (word: string) => Promise<T>;
    readonly check: (word: string) => void;
    readonly beforeBuilds?: (() => Promise<void>) | undefined;
  },
): Promise<T[]> {
  const files: (T | undefined)[] = [];
  for (const word of words) {
    files.push((await isImageFile(word, cwd)) ? await ofFile(resolve(cwd, word), word) : undefined);
  }
  for (const [index, word] of words.entries()) if (files[index] === undefined) check(word);
  await beforeBuilds?.();
  const found: T[] = [];
  for (const [index, word] of words.entries()) found.push(files[index] ?? (await ofName(word)));
  return found;
}

/** A word that can mean nothing but a file must be one. */
async function isImageFile(word: string, cwd: string): Promise<boolean> {
  const found = await whatStandsAt(resolve(cwd, word));
  if (found === 'a file') return true;
  if (!word.includes('/') && !word.endsWith('.raw')) return false;
  throw new UserError('input.invalid', `${word}: expected an image, found ${found}`);
}

/** Lets each name pass once. */
export function onlyOnce(): <T extends { readonly name: string }>(named: T, word: string) => T {
  const seen = new Set<string>();
  return (named, word) => {
    if (seen.has(named.name)) {
      throw new UserError('input.invalid', `${word}: expected each extension once, got ${named.name} again`);
    }
    seen.add(named.name);
    return named;
  };
}

/** Reads EXT[:VERSION]. */
export function readName(word: string): VersionRequest {
  const [asked] = readAsked([word], []);
  if (asked === undefined) throw new UsageError(`expected EXT or EXT:VERSION, got "${word}"`);
  return asked;
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
    throw new UserError('input.invalid', `${word}: expected an extension, got an image without a name`, {
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
  const { upstream, ports, recipeBook, create } = bakery;
  const { name, version } = readName(word);
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
