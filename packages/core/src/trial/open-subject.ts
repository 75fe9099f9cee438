import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import type { RoomContext } from '../image/room.ts';
import { openImage, type Verification } from '../image/verify.ts';
import type { Arch } from '../names/arch.ts';
import type { LoadedRecipe } from '../recipe/loaded.ts';
import { checkTree } from '../stage/check-tree.ts';
import { readEntries } from '../stage/checks/entries.ts';
import { extensionReleasePath, parseRelease } from '../systemd/extension-release.ts';
import { promisesOf } from './promises.ts';
import type { Subject } from './subject.ts';

/** An image, and what is known of how it came to be. */
export interface ImageToTry {
  readonly path: string;
  readonly recipeOf: (image: Verification) => Promise<KnownRecipe | UnknownRecipe>;
}

export interface UnknownRecipe {
  /** Why. */
  readonly unknown: string;
}

export interface KnownRecipe {
  readonly loaded: LoadedRecipe;
  readonly version: string;
  readonly options: Readonly<Record<string, string>>;
}

export type OpenSubject = Subject & AsyncDisposable;

/** Unpacks an image and gathers what it and its recipe say. One that nobody can merge at all is a UserError. */
export async function openSubject(
  { path, recipeOf }: ImageToTry,
  context: RoomContext,
): Promise<OpenSubject> {
  await using stack = new AsyncDisposableStack();
  const image = stack.use(await openImage(path, { ...context, checkTree }));
  const { folder, verification } = image;
  const { name, arch, findings } = verification;
  if (folder === undefined || name === undefined) {
    const [first] = findings;
    throw new UserError(
      'image.damaged',
      `${path}: expected an image that a host can merge: ${first?.message ?? 'it has no name'}`,
      { hint: 'bakery verify says more' },
    );
  }
  const recipe = await recipeOf(verification);
  const version = 'unknown' in recipe ? verification.version : recipe.version;
  const release = parseRelease(await readFile(join(folder, extensionReleasePath(name)), 'utf8'));
  const owned = stack.move();
  return {
    name,
    path,
    version,
    arch,
    release,
    findings,
    entries: readEntries(folder),
    promises: 'unknown' in recipe ? recipe : promisesFor(recipe, arch),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function promisesFor({ loaded, version, options }: KnownRecipe, arch: Arch | undefined): Subject['promises'] {
  if (arch === undefined) return { unknown: 'the image names no architecture' };
  return promisesOf(loaded, { version, arch, options });
}
