import { join } from 'node:path';
import { type Choices, openBakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import {
  compareTrees,
  type Comparison,
  findScript,
  type Imported,
  refuseOwnNetwork,
  tryToCompare,
} from '@bakery/core/import.ts';
import { scratchFolder } from '@bakery/core/lifetime.ts';
import type { Arch } from '@bakery/core/names.ts';
import { findVersion } from '@bakery/core/release.ts';
import type { Io } from './io.ts';
import { writeNewFolder } from './write-new-folder.ts';

interface Wanted {
  /** Path of a script, or of its folder. */
  readonly script: string;
  /** The newest when nobody says. */
  readonly version: string | undefined;
  readonly arch: Arch;
}

/** Builds a draft and runs its script, both in folders that go, and compares the trees. */
export async function compareDraft(
  draft: Imported,
  { script, version = 'latest', arch }: Wanted,
  choices: Choices,
  io: Io,
): Promise<Comparison> {
  await using scratch = await scratchFolder(io.tmpdir);
  const recipes = join(scratch.path, 'recipes');
  await writeNewFolder(join(recipes, draft.name), draft, { shown: draft.name });
  return await tryToCompare(async () => {
    const bakery = await openBakery({ ...choices, recipes: [recipes] }, io);
    const loaded = await bakery.recipeBook.find(draft.name);
    refuseOwnNetwork(loaded.data);
    const { folder } = await findScript(script);
    const found = await findVersion(loaded, version, {
      upstream: bakery.upstream,
      report: bakery.ports.report,
    });
    return await compareTrees(
      { script: folder, loaded, version: found, arch },
      {
        exec: bakery.ports.exec,
        path: bakery.path,
        isRoot: io.isRoot,
        temporary: io.tmpdir,
        create: bakery.create,
        upstream: bakery.upstream,
        fetch: (url, sha256) => fetched(url, sha256, (downloads) => bakery.fetchFiles(downloads, arch)),
      },
    );
  });
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
