import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Arch } from '@bakery/core/src/names/arch.ts';
import { loadRecipe } from '@bakery/core/src/recipe/load.ts';
import { machineArch } from '../machine-arch.ts';
import { compilers } from './image.ts';
import { importImage, testPodman } from './podman.ts';

export interface CompilerImages extends AsyncDisposable {
  /** For runs of the bakery: finds podman, and an image of compilers in the place of those the recipes in `folders` name. */
  envFor(folders: readonly string[]): Promise<Record<string, string>>;
}

/** Podman with an image for each architecture, the other one emulated. */
export async function compilerImages(): Promise<CompilerImages> {
  await using stack = new AsyncDisposableStack();
  const own = stack.use(await mkdtempDisposable(join(tmpdir(), 'compilers-'))).path;
  const other: Arch = machineArch === 'arm64' ? 'x86-64' : 'arm64';
  const podman = stack.use(await testPodman(own, other));
  for (const arch of [machineArch, other]) await importImage(podman, compilers, arch);
  const owned = stack.move();
  return {
    envFor: async (folders) => {
      const loaded = await Promise.all(folders.map((folder) => loadRecipe(folder)));
      const steps = loaded.flatMap(({ recipe }) => recipe.build ?? []);
      const named = steps.flatMap((step) => (step.kind === 'container' ? [step.step.image] : []));
      const images = [...new Set(named)].map((image) => `${image}=localhost/${compilers.name}:{arch}`);
      return { ...podman.env, PATH: podman.path, BAKERY_IMAGES: images.join(',') };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
