import { homedir, tmpdir } from 'node:os';
import { spawnExec } from '@bakery/core/ports.ts';
import { runProgram } from './program.ts';
import { terminalReport } from './terminal-report.ts';

/** Runs the command line of this process. `ownRecipes` is the folder with the recipes of the bakery. */
export async function start(ownRecipes: string): Promise<void> {
  // A reader that has seen enough (head, less) closes the pipe; that is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  process.exitCode = await runProgram(process.argv.slice(2), {
    env: process.env,
    cwd: process.cwd(),
    homedir: homedir(),
    tmpdir: tmpdir(),
    isRoot: process.getuid?.() === 0,
    ownRecipes,
    exec: spawnExec(process.env),
    report: terminalReport(process.stderr),
    out: process.stdout,
    err: process.stderr,
  });
}
