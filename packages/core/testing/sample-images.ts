import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arch } from '../src/names/arch.ts';
import { imageName } from '../src/names/file-names.ts';
import type { ImageInputs } from '../src/provenance/inputs.ts';
import type { VersionImages } from '../src/release/create/version-images.ts';
import { sha256 } from './sample-releases.ts';

/** Images of a few bytes: what they are is nobody’s business here. */
export async function sampleImages(
  name: string,
  version: string,
  arches: readonly Arch[],
  folder: string,
): Promise<VersionImages> {
  const made = arches.map(async (arch) => {
    const file = imageName({ name, version, arch });
    const path = join(folder, file);
    await writeFile(path, file);
    const size = Buffer.byteLength(file);
    const what = { format: 'squashfs', tool: 'none', epoch: 0, options: {}, artifacts: [] };
    const inputs: ImageInputs = { file, size, sha256: sha256(file), ...what };
    return { arch, path, inputs };
  });
  const images = await Promise.all(made);
  const record = Object.fromEntries(images.map(({ arch, inputs }) => [arch, inputs]));
  const recipe = { sha256: sha256('recipe') };
  return { images, inputs: { inputs: 1, name, version, recipe, images: record } };
}
