import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A server in a process of its own, for tests and measurements. */
export interface StartedProgram extends AsyncDisposable {
  readonly pid: number;
  /** What it wrote to its standard error so far. */
  readonly said: () => string;
  /** Asks it to stop, and resolves to its exit code, or `null` when a signal ended it. */
  readonly stop: () => Promise<number | null>;
}

const patience = 15_000; // ms until a server must answer

/** Starts a program that serves HTTP, and resolves when `url` answers. It ends with this process at the latest. */
export async function startProgram(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  url: string,
): Promise<StartedProgram> {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...argv], {
    env: { ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-100_000)));
  const ended = once(child, 'close');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${argv.join(' ')}: cannot be started`);
  const giveUp = Date.now() + patience;
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > giveUp) {
      child.kill();
      throw new Error(`${argv.join(' ')}: does not answer\n${said}`);
    }
    await pause(50);
  }
  async function stop(): Promise<number | null> {
    child.kill('SIGTERM');
    await ended;
    return child.exitCode;
  }
  return {
    pid,
    said: () => said,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };
}

/** A port of 127.0.0.1 nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  if (bound === null || typeof bound === 'string') throw new Error('the server has no port');
  return bound.port;
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}
