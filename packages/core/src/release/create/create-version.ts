import { join } from 'node:path';
import { scratchFolder } from '../../lifetime/scratch.ts';
import type { Arch } from '../../names/arch.ts';
import { imageName } from '../../names/file-names.ts';
import type { Inputs } from '../../provenance/inputs.ts';
import type { LoadedRecipe } from '../../recipe/loaded.ts';
import { recipeArches } from '../../recipe/recipe-arches.ts';
import { chooseOptions } from '../check/choose-options.ts';
import type { ImageSettings } from '../check/image-settings.ts';
import type { Wanted } from '../check/plan.ts';
import type { Upstream } from '../check/upstream.ts';
import { createImage, type CreateContext, type Created } from './create.ts';
import { versionInputs } from './version-inputs.ts';

/** The images of one version for every arch of its recipe, in a folder that goes with it. */
export interface CreatedVersion extends AsyncDisposable {
  readonly images: readonly Created[];
  readonly inputs: Inputs;
}

/** Bakes a version for all its arches. The first that fails ends the others. */
export async function createVersion(
  loaded: LoadedRecipe,
  { version, revise }: Pick<Wanted, 'version' | 'revise'>,
  settings: ImageSettings,
  context: CreateContext & { readonly upstream: Upstream },
): Promise<CreatedVersion> {
  const { recipe } = loaded;
  const folder = await scratchFolder(context.scratch);
  try {
    // Once for all arches: they are one release.
    const options = await chooseOptions(recipe, version, context.upstream);
    const bake = (arch: Arch): Promise<Created> => {
      const output = join(folder.path, imageName({ name: recipe.name, version, arch }));
      return createImage({ loaded, version, arch, options, settings, output }, context);
    };
    // Nobody may still write into the folder when it is removed.
    const settled = await Promise.allSettled(recipeArches(recipe).map(bake));
    const failed = settled.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const images = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const records = Object.fromEntries(images.map((image) => [image.arch, image.inputs]));
    const inputs = await versionInputs(loaded, version, records, context, revise);
    return { images, inputs, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
}
