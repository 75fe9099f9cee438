import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostProcess } from '@bakery/core/bakery.ts';
import { actionExec } from './action-exec.ts';
import { downloadCache } from './download-cache.ts';
import { showFailure } from './failure.ts';
import { actionReport } from './log-report.ts';
import { log } from './log.ts';
import { writeSummary } from './summary.ts';
import { leaveTrouble } from './trouble.ts';

/** The frame of every action: gives `main` its environment and turns what it throws into annotations and a red step. */
export async function runAction(
  process: NodeJS.Process,
  main: (io: HostProcess) => Promise<void>,
): Promise<void> {
  try {
    await main(await environmentOf(process));
  } catch (error) {
    process.exitCode = 1;
    const why = showFailure(error);
    await writeSummary([{ title: 'Failed', text: why }]);
    await leaveTrouble(process.env, { kind: 'failed', why });
  }
}

async function environmentOf(process: NodeJS.Process): Promise<HostProcess> {
  const env: NodeJS.ProcessEnv = { ...process.env, ...(await downloadCache(process.env)) };
  return {
    env,
    cwd: process.cwd(),
    homedir: homedir(),
    tmpdir: env['RUNNER_TEMP'] ?? tmpdir(), // Emptied by the runner, and on the disk with room.
    isRoot: process.getuid?.() === 0,
    // As far from a source file as from dist/actions/src/*.js.
    ownRecipes: join(import.meta.dirname, '../../../recipes'),
    exec: actionExec(env),
    report: actionReport(log),
  };
}
