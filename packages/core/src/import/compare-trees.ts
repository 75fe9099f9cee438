import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChangedPath, compareContents } from '../compare/compare-contents.ts';
import { type Content, contentsOf } from '../compare/contents.ts';
import { UserError } from '../diagnostics/user-error.ts';
import type { RoomContext } from '../image/room.ts';
import { scratchFolder } from '../lifetime/scratch.ts';
import type { Arch } from '../names/arch.ts';
import type { ImageInputs } from '../provenance/inputs.ts';
import type { LoadedRecipe } from '../recipe/loaded.ts';
import { chooseOptions } from '../release/check/choose-options.ts';
import type { Upstream } from '../release/check/upstream.ts';
import { type CreateContext, createImage } from '../release/create/create.ts';
import { runForReal } from './run-for-real.ts';
import { unfinishedBuild } from './write-recipe.ts';

/** What is different in the tree of a script and that of the recipe made of it. */
export interface ComparedTrees extends Cell {
  /** Addresses that the script asked for. */
  readonly fetched: readonly string[];
  readonly onlyScript: readonly Content[];
  readonly onlyRecipe: readonly Content[];
  /** Of each pair the first is the script's. */
  readonly changed: readonly ChangedPath[];
  /** How many paths are the same in both. */
  readonly same: number;
}

/** Trees of a version and an architecture that were compared, or why they were not. */
export type Comparison = ComparedTrees | (Cell & { readonly why: string });

/** One of what is compared. */
export interface Cell {
  readonly version: string;
  readonly arch: Arch;
}

export interface TreesRequest extends Cell {
  /** Of create.sh. */
  readonly script: string;
  readonly loaded: LoadedRecipe;
}

export interface TreesContext extends RoomContext {
  readonly create: CreateContext;
  readonly upstream: Pick<Upstream, 'newest'>;
  /** A file of this machine with what stands at an address, of these bytes if they are known; nothing when nothing is there. */
  fetch(url: string, sha256: string | undefined): Promise<string | undefined>;
}

/** Builds both ways, from the same downloads where both fetch the same, and compares what came of it. */
async function compareTrees(
  { script, loaded, version, arch }: TreesRequest,
  context: TreesContext,
): Promise<ComparedTrees> {
  const { recipe } = loaded;
  const problem = unfinishedBuild(recipe);
  if (problem !== undefined) throw new UserError('recipe.invalid', problem);
  await using scratch = await scratchFolder(context.temporary);
  const created = await createImage(
    {
      loaded,
      version,
      arch,
      options: await chooseOptions(recipe, version, context.upstream),
      settings: { epoch: 0 },
      output: join(scratch.path, `${recipe.name}.raw`),
    },
    { ...context.create, largestImage: undefined },
  );
  const { entries } = await contentsOf(created.path, context);
  const known = new Map(
    created.inputs.artifacts.map(({ url, sha256 }: ImageInputs['artifacts'][number]) => [url, sha256]),
  );
  const fetched = join(scratch.path, 'fetched');
  await mkdir(fetched, { mode: 0o755 });
  const real = await runForReal(
    { folder: script, name: recipe.name, version, arch },
    { ...context, fetched, fetch: (url) => context.fetch(url, known.get(url)) },
  );
  const { added, removed, changed, same } = compareContents(real, {
    entries: comparable(entries, real.entries),
  });
  return { version, arch, fetched: real.fetched, onlyScript: removed, onlyRecipe: added, changed, same };
}

/** Without what every image gets from the bakery, and what only comparisons of images look at. */
function comparable(
  entries: ReadonlyMap<string, Content>,
  script: ReadonlyMap<string, Content>,
): ReadonlyMap<string, Content> {
  const release = '/usr/lib/extension-release.d';
  const kept = [...entries.values()].filter(
    ({ path }) => path !== release && !path.startsWith(`${release}/`),
  );
  const isNeeded = (folder: string): boolean =>
    script.has(folder) || kept.some(({ path }) => path.startsWith(`${folder}/`));
  return new Map(
    kept
      .filter(({ path }) => (path !== '/usr/lib' && path !== '/usr') || isNeeded(path))
      .map(({ path, kind, mode, size, sha256, target }) => [
        path,
        {
          path,
          kind,
          mode,
          size,
          uid: 0,
          gid: 0,
          ...(sha256 === undefined ? {} : { sha256 }),
          ...(target === undefined ? {} : { target }),
        },
      ]),
  );
}

/** The comparison, or why there is none: a draft may be unfinished, and upstream away. */
export async function tryToCompare(request: TreesRequest, context: TreesContext): Promise<Comparison> {
  try {
    return await compareTrees(request, context);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { version, arch } = request;
    return { version, arch, why: error.message };
  }
}
