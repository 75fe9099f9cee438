import { cp, mkdir, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../../cli/src/program.ts';
import { silentReport } from '@bakery/core/ports/report.ts';
import { spawnExec } from '@bakery/core/ports/spawn.ts';

/** What one command line did. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Where it ran. */
  readonly folder: string;
}

/** The public CLI, with a folder and a cache of its own for every run and a copy of all recipes. */
export interface BakeryRuns extends AsyncDisposable {
  run(argv: readonly string[], mirrors: string): Promise<Ran>;
}

export async function bakeryRuns(recipes: string): Promise<BakeryRuns> {
  const home = await mkdtempDisposable(join(tmpdir(), 'recipes-'));
  // What a build records beside a recipe must not change the recipe.
  const own = join(home.path, 'recipes');
  await cp(recipes, own, { recursive: true, verbatimSymlinks: true });
  let runs = 0;
  return {
    run: async (argv, mirrors) => {
      const folder = join(home.path, String((runs += 1)));
      await mkdir(folder);
      const written = { out: '', err: '' };
      const env = { PATH: process.env['PATH'], BAKERY_MIRRORS: mirrors, BAKERY_CACHE: join(folder, 'cache') };
      const code = await runProgram(argv, {
        env,
        cwd: folder,
        homedir: folder,
        tmpdir: folder,
        isRoot: process.getuid?.() === 0,
        ownRecipes: own,
        exec: spawnExec(env),
        report: silentReport,
        out: { write: (text) => (written.out += text) },
        err: { write: (text) => (written.err += text) },
      });
      return { code, ...written, folder };
    },
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}
