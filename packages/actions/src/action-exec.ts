import { getExecOutput } from '@actions/exec';
import { UserError } from '@bakery/core/diagnostics.ts';
import {
  childEnvironment,
  type Environment,
  type Exec,
  type ExecOptions,
  type Finished,
  spawnExec,
} from '@bakery/core/ports.ts';
import { log } from './log.ts';

/** Runs programs through @actions/exec; a log with debugging switched on shows each command line. */
export function actionExec(env: Environment): Exec {
  return {
    run: (program, args, options = {}) =>
      // @actions/exec cannot bound a program either.
      options.mostOutput === undefined && options.mostSeconds === undefined
        ? run(env, program, args, options)
        : spawnExec(env).run(program, args, options),
    // @actions/exec cannot feed a program while it reads.
    filter: (program, args, input) => spawnExec(env).filter(program, args, input),
  };
}

async function run(
  env: Environment,
  program: string,
  args: readonly string[],
  { cwd, env: more = {}, input, onLine }: ExecOptions,
): Promise<Finished> {
  if (/["\s]/.test(program)) throw new Error(`not the name or path of a program: ${program}`);
  log.debug(`[command] ${JSON.stringify([program, ...args])}`);
  const listeners = onLine === undefined ? {} : { stdline: onLine, errline: onLine };
  try {
    const { exitCode, stdout, stderr } = await getExecOutput(program, [...args], {
      silent: true,
      ignoreReturnCode: true,
      env: withoutUnset({ ...childEnvironment(program, env), ...more }),
      listeners,
      ...(cwd === undefined ? {} : { cwd }),
      // Closing the input of a program that has ended already would end this process: it handles no EPIPE.
      ...(input === undefined ? {} : { input: Buffer.from(input) }),
    });
    return { code: exitCode, stdout, stderr };
  } catch (cause) {
    // The only thing it throws with ignoreReturnCode: the program is not there, or may not be run.
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError('program.not-started', `${program}: cannot be started: ${why}`, { cause });
  }
}

function withoutUnset(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
