import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { UserError } from '../user-error.ts';
import type { Exec, ExecOptions, Finished } from './exec.ts';

/** Runs programs as children of this process, with `env` as the environment they inherit. */
export function spawnExec(env: Readonly<Record<string, string | undefined>>): Exec {
  return { run: (program, args, options = {}) => runChild(env, program, args, options) };
}

async function runChild(
  env: Readonly<Record<string, string | undefined>>,
  program: string,
  args: readonly string[],
  options: ExecOptions,
): Promise<Finished> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const closed = new Promise<number>((resolve, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) => reject(cannotStart(program, cause)));
    // A child ended by a signal has no exit code; shells report 128 and up.
    child.once('close', (code) => resolve(code ?? 128));
  });
  // A child that ends without reading its input is its own affair: its exit code tells.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const { onLine } = options;
  if (onLine !== undefined) {
    createInterface({ input: child.stdout }).on('line', onLine);
    createInterface({ input: child.stderr }).on('line', onLine);
  }
  const [code, stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

function cannotStart(program: string, cause: NodeJS.ErrnoException): UserError {
  if (cause.code === 'ENOENT') {
    return new UserError(`${program}: program not found`, {
      cause,
      hint: 'bakery doctor shows what is missing',
    });
  }
  return new UserError(`${program}: cannot be started: ${cause.message}`, { cause });
}
