import type { Bakery } from '@bakery/core/bakery.ts';
import { localSide } from '@bakery/core/compare.ts';
import { detectFormat, formats, type Verification, verifyImage } from '@bakery/core/image.ts';
import { type Arch, parseHostImageName } from '@bakery/core/names.ts';
import { chooseOptions } from '@bakery/core/release.ts';
import type { ImageToTry, KnownRecipe, UnknownRecipe } from '@bakery/core/trial.ts';
import { buildNamed, fromWords, onlyOnce, readName } from './images-of.ts';
import type { Io } from './io.ts';

/** The images that words of a command line mean, with the recipes that promise something of them. */
export async function imagesToTry(
  words: readonly string[],
  arch: Arch,
  { bakery, io, folder }: { readonly bakery: Bakery; readonly io: Io; readonly folder: string },
): Promise<ImageToTry[]> {
  const once = onlyOnce();
  const files: { readonly path: string; readonly word: string }[] = [];
  return await fromWords<ImageToTry>(words, io, {
    async ofFile(path, word) {
      await bakery.requireTools([...formats[await detectFormat(path)].reads]);
      files.push({ path, word });
      return { path, recipeOf: (image) => recipeOf(image, bakery) };
    },
    async ofName(word) {
      const { path, ...recipe } = await buildNamed(word, arch, bakery, folder);
      return { path, recipeOf: async () => recipe };
    },
    check: (word) => once(readName(word), word),
    async beforeBuilds() {
      if (files.length === words.length) return;
      const { isRoot, tmpdir: temporary } = io;
      const context = { ...bakery.ports, path: bakery.path, isRoot, temporary };
      for (const { path, word } of files) {
        const { name } = await verifyImage(path, context);
        if (name !== undefined) once({ name }, word);
      }
    },
  });
}

/** A file says its version by its own name, or by the record beside it. */
export async function recipeOf(
  {
    path,
    name = '',
    version,
    arch,
  }: Pick<Verification, 'path' | 'name' | 'arch'> & { readonly version?: string | undefined },
  { recipeBook, upstream }: Bakery,
): Promise<KnownRecipe | UnknownRecipe> {
  if (recipeBook.folder(name) === undefined) return { unknown: `there is no recipe of ${name} here` };
  const { record } = await localSide(path, path);
  const known = version ?? parseHostImageName(record?.image.file ?? '', name)?.version;
  if (known === undefined) {
    return { unknown: `neither the file’s name nor a record beside it says which version of ${name} it is` };
  }
  const loaded = await recipeBook.find(name);
  if (arch === undefined || loaded.recipe.arch[arch] === undefined) {
    return { unknown: `the recipe of ${name} is not for ${arch ?? 'an unknown architecture'}` };
  }
  const options = record?.image.options ?? (await chooseOptions(loaded.recipe, known, upstream));
  return { loaded, version: known, options };
}
