import { join } from 'node:path';
import { publishedSide } from '../../compare/sides.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import { hashOf } from '../../fetch/hashing.ts';
import { formats } from '../../image/formats.ts';
import { openRoom, type RoomContext } from '../../image/room.ts';
import { unpackImage } from '../../image/unpack-image.ts';
import { readPlain } from '../../lifetime/read-plain.ts';
import type { Arch } from '../../names/arch.ts';
import { keysExtension } from '../../names/keys-extension.ts';
import { releaseTag } from '../../names/tag.ts';
import type { Inputs } from '../../provenance/inputs.ts';
import type { LoadedRecipe } from '../../recipe/loaded.ts';
import type { RecipeBook } from '../../recipe/recipe-book.ts';
import type { Store } from '../../store/store.ts';
import { formerIn, keysFiles, ringOption, writeKeysRecipe } from './keys-recipe.ts';

/** The recipe to build a version of `name` again from; undefined for the keys of the feed, which no folder has. */
export async function recipeToRebuild(
  name: string,
  { recipeBook, keys }: { readonly recipeBook: RecipeBook; readonly keys: unknown },
): Promise<LoadedRecipe | undefined> {
  const isMade = name === keysExtension && (keys !== undefined || recipeBook.folder(name) === undefined);
  return isMade ? undefined : recipeBook.find(name);
}

const most = 1024 * 1024; // bytes, of a ring and of a list of hashes

/**
 * The recipe of published keys, written below `folder`: this bakery’s own files, and of the image nothing but the ring,
 * whose hash the record has, and the hashes of those before it.
 */
export async function publishedKeysRecipe(
  { name, version, images }: Inputs,
  arch: Arch,
  {
    store,
    folder,
    room: context,
  }: { readonly store: Store; readonly folder: string; readonly room: RoomContext },
): Promise<LoadedRecipe> {
  const { path } = await publishedSide({ name, version, arch }, store, folder);
  await using room = await openRoom(path, context);
  await unpackImage(formats.squashfs, room);
  const [ring, former] = await Promise.all(
    [keysFiles.ring, keysFiles.former].map((file) => readPlain(join(room.folder, file), { maxBytes: most })),
  );
  const recorded = images[arch]?.options[ringOption];
  if (ring === undefined || hashOf(ring) !== recorded) {
    throw new UserError(
      'fetch.wrong-hash',
      `${releaseTag(name, version)}: expected a ring with the hash ${recorded ?? 'of its record'} in ${keysFiles.ring}, got ${ring === undefined ? 'none' : hashOf(ring)}`,
    );
  }
  return writeKeysRecipe(folder, ring, formerIn(former?.toString('utf8') ?? ''));
}
