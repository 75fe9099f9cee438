import type { LoadedRecipe } from '../../recipe/loaded.ts';
import type { Gate } from '../../trial/gate.ts';
import { withVerdict } from '../../trial/verdict.ts';
import type { VersionImages } from './version-images.ts';

/** The same images, their records with what the test of each came to. UserError for one that fails. */
export async function tryVersion(
  { images, inputs }: VersionImages,
  recipe: { readonly loaded: LoadedRecipe; readonly version: string },
  gate: Gate | undefined,
): Promise<VersionImages> {
  const tried = [];
  for (const image of images) {
    const { arch, path, inputs: record } = image;
    const passage = await gate?.({ path, arch, ...recipe, options: record.options });
    tried.push({ ...image, inputs: withVerdict(record, passage) });
  }
  const records = Object.fromEntries(tried.map(({ arch, inputs: record }) => [arch, record]));
  return { images: tried, inputs: { ...inputs, images: records } };
}
