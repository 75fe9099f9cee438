import { cp, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { runProgram } from '../../../cli/src/program.ts';
import { lockFileName } from '@bakery/core/fetch/integrity/lock.ts';
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

/** `more` goes into the environment of each run. */
export async function bakeryRuns(
  recipes: string,
  more: Readonly<Record<string, string>> = {},
): Promise<BakeryRuns> {
  const home = await mkdtempDisposable(join(tmpdir(), 'recipes-'));
  let runs = 0;
  return {
    run: async (argv, mirrors) => {
      const folder = join(home.path, String((runs += 1)));
      // A build records hashes beside a recipe, of upstream’s files or of the mirror’s: no run sees those of another.
      const ownRecipes = join(folder, 'recipes');
      await cp(recipes, ownRecipes, { recursive: true, verbatimSymlinks: true, filter: isNoLock });
      const written = { out: '', err: '' };
      const own = { BAKERY_MIRRORS: mirrors, BAKERY_CACHE: join(folder, 'cache') };
      const env = { PATH: process.env['PATH'], ...more, ...own };
      const code = await runProgram(argv, {
        env,
        cwd: folder,
        homedir: folder,
        tmpdir: folder,
        isRoot: process.getuid?.() === 0,
        ownRecipes,
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

function isNoLock(path: string): boolean {
  return basename(path) !== lockFileName;
}
