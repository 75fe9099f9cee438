import { appendFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Bakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { formats, ImageFormat } from '@bakery/core/image.ts';
import { inFile, readPlain } from '@bakery/core/lifetime.ts';
import { Arch } from '@bakery/core/names.ts';
import {
  newestPublished,
  type Otherwise,
  publishedInputs,
  readOtherwise,
  rebuildImage,
  recipeToRebuild,
} from '@bakery/core/release.ts';
import type { Io } from './io.ts';
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
  await requirePublished(store);
  const versions = await newestPublished(names, { store, names: [...recipeBook.names, ...names] });
  for (const name of names) {
    if (versions.some((one) => one.name === name)) continue;
    throw new UserError(
      'store.missing',
      `${name}: expected a published version in ${store.name}, found none`,
    );
  }
  const file = resume === undefined ? undefined : resolve(io.cwd, resume);
  const known = file === undefined ? [] : await readKnown(file);
  const results: Otherwise[] = [];
  for (const [index, { name, version }] of versions.entries()) {
    const inputs = await publishedInputs(name, version, store);
    const arches = Arch.options.filter((one) => inputs.images[one] !== undefined);
    for (const arch of arches) {
      const id = { name, version, arch };
      const before = known.find(
        (one) =>
          one.name === name &&
          one.version === version &&
          one.arch === arch &&
          one.published === inputs.images[arch]?.sha256,
      );
      const title = `Build ${name} ${version} for ${arch} again (extension ${index + 1} of ${versions.length})`;
      const result =
        before ??
        (await ports.report.group(title, () =>
          buildAgain(id, inputs, bakery).catch((error: unknown) => notBuilt(id, error)),
        ));
      results.push(result);
      if (file !== undefined && before === undefined && result.verdict !== 'not built') {
        await inFile(file, appendFile(file, `${JSON.stringify(result)}\n`));
      }
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

/** One that upstream has no more, or whose recipe is gone, says nothing of the others. */
function notBuilt(id: Id, error: unknown): Otherwise {
  if (!(error instanceof UserError)) throw error;
  return { ...id, verdict: 'not built', why: error.message };
}

/** Made at once, so that nobody waits for a file that cannot be written. */
async function readKnown(file: string): Promise<ReturnType<typeof readOtherwise>> {
  await inFile(file, writeFile(file, '', { flag: 'a' }));
  const text = await readPlain(file, { maxBytes: 16 * 1024 * 1024 });
  return readOtherwise(text?.toString('utf8') ?? '');
}
