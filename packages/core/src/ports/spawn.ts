import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { UserError } from '../diagnostics/user-error.ts';
import { childEnvironment, type Environment } from './child-environment.ts';
import type { Exec, ExecOptions, Finished } from './exec.ts';
import { endedWith } from './last-lines.ts';

const filterBuffer = 1024 * 1024; // bytes; pipes hand over 64 KiB at a time

/** Runs programs as children of this process; of `env` each gets what it needs. */
export function spawnExec(env: Environment): Exec {
  return {
    run: (program, args, options = {}) => runChild(env, program, args, options),
    filter: (program, args, input) => filterChild(env, program, args, input),
  };
}

async function runChild(
  env: Environment,
  program: string,
  args: readonly string[],
  options: ExecOptions,
): Promise<Finished> {
  const environment = { ...childEnvironment(program, env), ...options.env };
  if (options.hasTerminal === true) return runInTerminal(program, args, options.cwd, environment);
  const [started, ...words] =
    options.isApart === true ? endingWithUs(['setsid', program, ...args]) : [program, ...args];
  const child = spawn(started, words, {
    cwd: options.cwd,
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const closed = new Promise<number>((resolve, reject) => {
    const timer = endAfter(child, options.mostSeconds, (seconds) =>
      reject(new UserError('program.failed', `${program}: expected it to end within ${seconds} s`)),
    );
    child.once('error', (cause: NodeJS.ErrnoException) => reject(cannotStart(program, cause)));
    // A child ended by a signal has no exit code; shells report 128 and up.
    child.once('close', (code) => resolve(code ?? 128));
    child.once('close', () => clearTimeout(timer));
  });
  // A child that ends without reading its input is its own affair: its exit code tells.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const { onLine, isLast } = options;
  const look = (line: string): void => {
    onLine?.(line);
    if (isLast?.(line) === true) child.kill('SIGKILL');
  };
  const isLooked = onLine !== undefined || isLast !== undefined;
  const lines = isLooked ? [child.stdout, child.stderr].map((stream) => eachLine(stream, look)) : [];
  const { mostOutput } = options;
  const [code, stdout, stderr] = await Promise.all([
    closed,
    mostOutput === undefined ? text(child.stdout) : textUpTo(child.stdout, mostOutput, program, child),
    mostOutput === undefined ? text(child.stderr) : textUpTo(child.stderr, mostOutput, program, child),
    ...lines,
  ]);
  return { code, stdout, stderr };
}

/** Each of them becomes the next, so that it is the program itself that gets the signal. */
function endingWithUs(command: readonly string[]): [string, ...string[]] {
  return ['setpriv', '--pdeathsig', 'TERM', ...command];
}

async function runInTerminal(
  program: string,
  args: readonly string[],
  cwd: string | undefined,
  env: Environment,
): Promise<Finished> {
  const [started, ...words] = endingWithUs([program, ...args]);
  const child = spawn(started, words, { cwd, env, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) => reject(cannotStart(program, cause)));
    child.once('close', (code) => resolve({ code: code ?? 128, stdout: '', stderr: '' }));
  });
}

function endAfter(
  child: ChildProcess,
  seconds: number | undefined,
  onEnd: (seconds: number) => void,
): NodeJS.Timeout | undefined {
  if (seconds === undefined) return undefined;
  return setTimeout(() => {
    child.kill('SIGKILL');
    onEnd(seconds);
  }, seconds * 1000);
}

async function textUpTo(
  stream: Readable,
  most: number,
  program: string,
  child: ChildProcess,
): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > most) {
      child.kill('SIGKILL');
      throw new UserError(
        'program.failed',
        `${program}: expected it to print at most ${most} bytes, got more`,
      );
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Resolves after the last line: readline hands lines over later than the stream ends. */
async function eachLine(input: Readable, onLine: (line: string) => void): Promise<void> {
  await once(createInterface({ input }).on('line', onLine), 'close');
}

function filterChild(env: Environment, program: string, args: readonly string[], input: Readable): Readable {
  const child = spawn(program, args, {
    env: childEnvironment(program, env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // Held back until the exit code is known, so that a reader never takes a cut stream for a whole one.
  const output = new PassThrough({ highWaterMark: filterBuffer });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (said = (said + piece).slice(-1000)));
  pipeline(input, child.stdin, (cause) => {
    // A program that stops reading says why with its exit code; only a failing input is told from here.
    if (input.errored !== null && cause !== null && cause !== undefined) output.destroy(cause);
  });
  child.stdout.pipe(output, { end: false });
  child.once('error', (cause) => output.destroy(cannotStart(program, cause)));
  child.once('close', (code) => {
    if (code === 0) output.end();
    else output.destroy(new UserError('program.failed', `${program}: ${showEnd(code)}: ${said.trim()}`));
  });
  output.once('close', () => {
    input.destroy();
    child.kill();
  });
  return output;
}

function showEnd(code: number | null): string {
  return code === null ? 'ended with a signal' : endedWith(code);
}

function cannotStart(program: string, cause: NodeJS.ErrnoException): UserError {
  if (cause.code === 'ENOENT') {
    return new UserError('program.missing', `${program}: program not found`, {
      cause,
      hint: 'bakery doctor shows what is missing',
    });
  }
  return new UserError('program.not-started', `${program}: cannot be started: ${cause.message}`, { cause });
}
