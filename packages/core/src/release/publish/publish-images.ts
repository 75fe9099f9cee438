import { UserError } from '../../diagnostics/user-error.ts';
import { hashRecipe } from '../../recipe/hash-recipe.ts';
import type { LoadedRecipe } from '../../recipe/loaded.ts';
import { recipeArches } from '../../recipe/recipe-arches.ts';
import { formatManifest } from '../../sysupdate/manifest.ts';
import { type ChangesContext, changesSince } from '../create/changes-since.ts';
import { type FolderOf, readVersionImages, type VersionImages } from '../create/version-images.ts';
import { publishVersion, subjectsOf } from './publish.ts';
import type { Target } from './transfer-files.ts';

/**
 * Publishes the images that other machines built of one version and left in a folder an arch, each beside
 * its `NAME-VERSION-ARCH.inputs.json`. UserError unless they are all there, whole and made from this recipe.
 */
export async function publishImages(
  loaded: LoadedRecipe,
  version: string,
  folderOf: FolderOf,
  target: Target & {
    readonly create: Omit<ChangesContext, 'store'>;
    readonly attestation?: string | undefined;
  },
): Promise<VersionImages & { readonly result: 'published' | 'exists' }> {
  const found = await readImages(loaded, version, folderOf);
  const changes = await changesSince(found, { ...target.create, store: target.store });
  const { attestation } = target;
  return { ...found, result: await publishVersion(loaded, found, target, { changes, attestation }) };
}

/** What `publishImages` would publish and an attestation has to be about, as lines of a file of checksums. */
export async function subjectsOfImages(
  loaded: LoadedRecipe,
  version: string,
  folderOf: FolderOf,
): Promise<string> {
  return formatManifest(subjectsOf(loaded, await readImages(loaded, version, folderOf)));
}

async function readImages(
  { recipe, folder }: LoadedRecipe,
  version: string,
  folderOf: FolderOf,
): Promise<VersionImages> {
  const found = await readVersionImages(folderOf, { name: recipe.name, version }, recipeArches(recipe));
  const sha256 = await hashRecipe(folder);
  if (found.inputs.recipe.sha256 === sha256) return found;
  throw new UserError(
    'release.differs',
    `${recipe.name} ${version}: expected images made from this recipe (${sha256}), got some of another state of it (${found.inputs.recipe.sha256})`,
  );
}
