import { resolve } from 'node:path';
import type { Bakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { formats, ImageFormat } from '@bakery/core/image.ts';
import { Arch, requireExtensionName } from '@bakery/core/names.ts';
import { recipeState } from '@bakery/core/recipe.ts';
import {
  newestPublished,
  type Otherwise,
  publishedInputs,
  rebuildImage,
  recipeToRebuild,
} from '@bakery/core/release.ts';
import type { Io } from './io.ts';
import { openKnownResults } from './known-results.ts';
import { requirePublished } from './require-published.ts';

export interface CompareAll {
  /** Extensions; all that are published when there are none. */
  readonly names: readonly string[];
  /** Takes each result as it comes, and is asked for those that are known. */
  readonly resume?: string | undefined;
}

/** Builds the newest published version of extensions again, image by image. */
export async function compareAll(
  { names, resume }: CompareAll,
  bakery: Bakery,
  io: Io,
): Promise<Otherwise[]> {
  const { store, recipeBook, ports } = bakery;
  for (const name of names) requireExtensionName(name);
  await requirePublished(store);
  const versions = await newestPublished(names, { store, names: [...recipeBook.names, ...names] });
  for (const name of names) {
    if (versions.some((one) => one.name === name)) continue;
    throw new UserError(
      'store.missing',
      `${name}: expected a published version in ${store.name}, found none`,
    );
  }
  const earlier =
    resume === undefined ? undefined : await openKnownResults(resolve(io.cwd, resume), bakery, io);
  const results: Otherwise[] = [];
  for (const [index, { name, version }] of versions.entries()) {
    const inputs = await publishedInputs(name, version, store);
    const recipe = earlier === undefined ? undefined : await recipeNow(name, bakery);
    const arches = Arch.options.filter((one) => inputs.images[one] !== undefined);
    for (const arch of arches) {
      const id = { name, version, arch };
      const before = earlier?.known.find(
        (one) =>
          one.name === name &&
          one.version === version &&
          one.arch === arch &&
          one.published === inputs.images[arch]?.sha256 &&
          one.recipe === recipe,
      );
      const title = `Build ${name} ${version} for ${arch} again (extension ${index + 1} of ${versions.length})`;
      if (before !== undefined) {
        const { recipe: _, ...result } = before;
        results.push(result);
        continue;
      }
      const result = await ports.report.group(title, () =>
        buildAgain(id, inputs, bakery).catch((error: unknown) => notBuilt(id, error)),
      );
      results.push(result);
      if (result.verdict === 'not built') continue;
      await earlier?.add(recipe === undefined ? result : { ...result, recipe });
    }
  }
  return results;
}

interface Id {
  readonly name: string;
  readonly version: string;
  readonly arch: Arch;
}

async function buildAgain(
  { name, arch }: Id,
  inputs: Awaited<ReturnType<typeof publishedInputs>>,
  bakery: Bakery,
): Promise<Otherwise> {
  const now = await recipeToRebuild(name, bakery);
  const format = ImageFormat.safeParse(inputs.images[arch]?.format).data;
  if (format !== undefined) await bakery.requireTools(formats[format].packs);
  const context = { ...bakery.create, store: bakery.store };
  return await rebuildImage(inputs, arch, { now, context });
}

/** Undefined where no folder has one. */
async function recipeNow(name: string, bakery: Bakery): Promise<string | undefined> {
  const loaded = await recipeToRebuild(name, bakery).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error; // told where it is to be built
    return undefined;
  });
  return loaded === undefined ? undefined : recipeState(loaded);
}

/** One that upstream has no more, or whose recipe is gone, says nothing of the others. */
function notBuilt(id: Id, error: unknown): Otherwise {
  if (!(error instanceof UserError)) throw error;
  return { ...id, verdict: 'not built', why: error.message };
}
