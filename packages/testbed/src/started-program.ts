import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { until } from './patience.ts';

/** A server in a process of its own, for tests and measurements. */
export interface StartedProgram extends AsyncDisposable {
  readonly pid: number;
  /** What it wrote to its standard error so far. */
  readonly said: () => string;
  /** Asks it to stop, and resolves to its exit code, or `null` when a signal ended it. */
  readonly stop: () => Promise<number | null>;
}

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
  try {
    await until(url, async () => child.exitCode !== null || (await answers(url)));
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`);
  } catch (cause) {
    child.kill();
    throw new Error(`${argv.join(' ')}: does not answer\n${said}`, { cause });
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

// Linux gives out ports from 32768 to whoever asks for any, also to every connection there is.
const [lowest, ephemeral] = [20_000, 32_768];

/** A port of 127.0.0.1 nobody listens on, and nobody is given by chance until a program is told to. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, ephemeral);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}
