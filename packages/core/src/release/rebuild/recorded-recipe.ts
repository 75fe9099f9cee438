import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exec } from '../../ports/exec.ts';
import type { Inputs } from '../../provenance/inputs.ts';
import { hashRecipe } from '../../recipe/hash-recipe.ts';
import { loadRecipe } from '../../recipe/load.ts';
import type { LoadedRecipe } from '../../recipe/loaded.ts';

export interface RecordedRecipe {
  readonly loaded: LoadedRecipe;
  /** Whether it is the recipe that the images were made from, file for file. */
  readonly isRecorded: boolean;
}

/**
 * The recipe a version was made from: the one there is, else what git has of the recorded commit, unpacked into
 * `folder`. Where git has nothing of it, the one there is must do, and is not called the same.
 */
export async function recordedRecipe(
  loaded: LoadedRecipe,
  { name, recipe }: Pick<Inputs, 'name' | 'recipe'>,
  { exec, folder }: { readonly exec: Exec; readonly folder: string },
): Promise<RecordedRecipe> {
  if ((await hashRecipe(loaded.folder)) === recipe.sha256) return { loaded, isRecorded: true };
  const { commit, path } = recipe;
  const then = join(folder, name);
  if (commit !== undefined && path !== undefined) {
    await mkdir(then);
    const isThere = await unpackCommit({ from: loaded.folder, commit, path, into: then }, exec);
    if (isThere && (await hashRecipe(then)) === recipe.sha256) {
      return { loaded: await loadRecipe(then), isRecorded: true };
    }
  }
  return { loaded, isRecorded: false };
}

interface CommitFolder {
  /** Somewhere in the repository. */
  readonly from: string;
  readonly commit: string;
  /** As seen from the top of the repository. */
  readonly path: string;
  readonly into: string;
}

async function unpackCommit({ from, commit, path, into }: CommitFolder, exec: Exec): Promise<boolean> {
  const archive = `${into}.tar`;
  const steps = [
    ['git', '-C', from, 'rev-parse', '--show-toplevel'],
    ['git', 'archive', '--format=tar', '-o', archive, `${commit}:${path === '.' ? '' : path}`],
    ['tar', '-xf', archive, '-C', into],
  ] as const;
  let top = from;
  for (const [program, ...args] of steps) {
    const { code, stdout } = await exec
      .run(program, args, { cwd: top })
      .catch(() => ({ code: 1, stdout: '' }));
    if (code !== 0) return false;
    if (args.includes('--show-toplevel')) top = stdout.trim();
  }
  return true;
}
