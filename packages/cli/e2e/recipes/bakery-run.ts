import { cp, mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { lockFileName } from '@bakery/core/src/fetch/integrity/lock.ts';
import { silentReport } from '@bakery/core/src/ports/report.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { recipeFile } from '@bakery/core/src/recipe/load.ts';
import type { UpstreamMirror } from '@bakery/testbed/upstream-mirror/start-upstream-mirror.ts';
import { runProgram } from '../../src/program.ts';

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
  run(
    argv: readonly string[],
    mirror: Pick<UpstreamMirror, 'mirrors' | 'standIns' | 'sigstoreRoot'>,
  ): Promise<Ran>;
}

/** `more` goes into the environment of each run. */
export async function bakeryRuns(
  recipes: string,
  more: Readonly<Record<string, string>> = {},
): Promise<BakeryRuns> {
  const home = await mkdtempDisposable(join(tmpdir(), 'recipes-'));
  let runs = 0;
  return {
    run: async (argv, { mirrors, standIns, sigstoreRoot }) => {
      const folder = join(home.path, String((runs += 1)));
      // A build records hashes beside a recipe, of upstream’s files or of the mirror’s: no run sees those of another.
      const ownRecipes = join(folder, 'recipes');
      await cp(recipes, ownRecipes, { recursive: true, verbatimSymlinks: true, filter: isNoLock });
      await trustStandIns(ownRecipes, standIns);
      const written = { out: '', err: '' };
      const own = { BAKERY_MIRRORS: mirrors, BAKERY_CACHE: join(folder, 'cache') };
      const env = { PATH: process.env['PATH'], ...more, ...own };
      const root = await sigstoreRoot();
      const code = await runProgram(argv, {
        env,
        cwd: folder,
        homedir: folder,
        tmpdir: folder,
        isRoot: process.getuid?.() === 0,
        ownRecipes,
        ...(root === undefined ? {} : { sigstoreRoot: root }),
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

/** Nobody here can sign for upstream, or has its files: in the copies its fingerprints and hashes give way to the mirror’s. */
async function trustStandIns(recipes: string, standIns: UpstreamMirror['standIns']): Promise<void> {
  const left = new Set(standIns.keys());
  for (const name of standIns.size === 0 ? [] : await readdir(recipes)) {
    const file = join(recipes, name, recipeFile);
    const text = await readFile(file, 'utf8').catch(() => '');
    const found = [...standIns].filter(([theirs]) => text.includes(theirs));
    if (found.length === 0) continue;
    await writeFile(
      file,
      found.reduce((changed, [theirs, ours]) => changed.replaceAll(theirs, ours), text),
    );
    for (const [theirs] of found) left.delete(theirs);
  }
  if (left.size > 0) throw new Error(`expected a recipe with ${[...left].join(', ')}`);
}

function isNoLock(path: string): boolean {
  return basename(path) !== lockFileName;
}
