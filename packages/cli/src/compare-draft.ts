import { join } from 'node:path';
import { type Bakery, type Choices, openBakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import {
  type Comparison,
  type Comparisons,
  findScript,
  type Imported,
  refuseOwnNetwork,
  tryToCompare,
} from '@bakery/core/import.ts';
import { scratchFolder } from '@bakery/core/lifetime.ts';
import type { Arch } from '@bakery/core/names.ts';
import { type LoadedRecipe, recipeArches } from '@bakery/core/recipe.ts';
import { findVersion } from '@bakery/core/release.ts';
import type { Io } from './io.ts';
import { writeNewFolder } from './write-new-folder.ts';

interface Wanted {
  /** Path of a script, or of its folder. */
  readonly script: string;
  /** The two newest when nobody says. */
  readonly versions: readonly string[];
  /** All of the recipe when nobody says. */
  readonly arch: Arch | undefined;
}

const mostVersions = 2; // what differs between versions shows between two

/** Builds a draft and runs its script, both in folders that go, and compares the trees of each version and architecture. */
export async function compareDraft(
  draft: Imported,
  { script, versions, arch }: Wanted,
  choices: Choices,
  io: Io,
): Promise<Comparisons> {
  await using scratch = await scratchFolder(io.tmpdir);
  const recipes = join(scratch.path, 'recipes');
  await writeNewFolder(join(recipes, draft.name), draft, { shown: draft.name });
  try {
    const bakery = await openBakery({ ...choices, recipes: [recipes] }, io);
    const loaded = await bakery.recipeBook.find(draft.name);
    refuseOwnNetwork(loaded.data);
    const { folder } = await findScript(script);
    const wanted = await versionsOf(loaded, versions, bakery);
    const arches = recipeArches(loaded.recipe).filter((one) => arch === undefined || one === arch);
    const compared: Comparison[] = [];
    for (const cell of wanted.flatMap((version) => arches.map((one) => ({ version, arch: one })))) {
      const one = await tryToCompare(
        { script: folder, loaded, ...cell },
        {
          exec: bakery.ports.exec,
          path: bakery.path,
          isRoot: io.isRoot,
          temporary: io.tmpdir,
          create: bakery.create,
          upstream: bakery.upstream,
          fetch: (url, sha256) =>
            fetched(url, sha256, (downloads) => bakery.fetchFiles(downloads, cell.arch)),
        },
      );
      compared.push(one);
    }
    if (compared.length > 0) return compared;
    return { why: `${draft.name}: the draft is not for ${arch}` };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { why: error.message };
  }
}

async function versionsOf(
  loaded: LoadedRecipe,
  asked: readonly string[],
  { upstream, ports }: Pick<Bakery, 'upstream' | 'ports'>,
): Promise<string[]> {
  const find = (version: string): Promise<string> =>
    findVersion(loaded, version, { upstream, report: ports.report });
  if (asked.length > 0) return await Promise.all(asked.slice(0, mostVersions).map(find));
  const newest = await find('latest');
  const { candidates } = await upstream.found(loaded.recipe.name);
  const others = candidates.map(({ text }) => text).filter((text) => text !== newest);
  return [newest, ...others].slice(0, mostVersions);
}

type FetchFiles = (
  downloads: Parameters<Awaited<ReturnType<typeof openBakery>>['fetchFiles']>[0],
) => ReturnType<Awaited<ReturnType<typeof openBakery>>['fetchFiles']>;

async function fetched(
  url: string,
  sha256: string | undefined,
  fetchFiles: FetchFiles,
): Promise<string | undefined> {
  const integrity =
    sha256 === undefined
      ? { kind: 'none' as const, reason: 'only the script asks for it, to be compared with' }
      : { kind: 'hash' as const, hash: `sha256:${sha256}` };
  try {
    const [file] = await fetchFiles([{ place: { file: 'create.sh' }, url, integrity }]);
    return file?.path;
  } catch (error) {
    if (error instanceof UserError && error.code === 'fetch.not-found') return undefined;
    throw error;
  }
}
