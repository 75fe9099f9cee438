import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Suite, suites } from '@bakery/core/guest.ts';
import { runChecked } from '@bakery/core/src/ports/run-checked.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { suitesAsked, testbedCache } from '@bakery/testbed/debian-host/debian-root.ts';
import type { ExampleBakery } from '@bakery/testbed/example-bakery.ts';
import { patienceMs, until } from '@bakery/testbed/patience.ts';
import { freePort } from '@bakery/testbed/started-program.ts';
import { openTerminal, type Terminal } from '@bakery/testbed/terminal.ts';
import { type Ended, main } from './run-bakery.ts';

/** A machine of `bakery boot` at a terminal, which ssh leads into as well. */
export interface Booted extends Disposable {
  readonly terminal: Terminal;
  /** Runs a script of bash there as root. */
  readonly run: (script: string) => Promise<Ended>;
  /** Restarts the system in it, and waits until it is up again. */
  readonly restart: () => Promise<void>;
}

/** Those that tests are to run on and that boot. */
export function suitesToBoot(): readonly Suite[] {
  return suites.filter((suite) => suitesAsked().includes(suite));
}

/** Boots a Debian with an image merged, and waits until it shows its prompt. */
export async function bootAtTerminal(
  { folder, env }: Pick<ExampleBakery, 'folder' | 'env'>,
  image: string,
  suite: Suite = 'trixie',
): Promise<Booted> {
  const key = join(folder, 'id');
  await runChecked(spawnExec(process.env), 'ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const port = await freePort();
  const words = ['boot', image, '--os', `debian:${suite}`, '--ssh', 'id.pub', '--ports', `${port}:22`];
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', main, ...words];
  // The system to boot is the same for all runs; to make it takes a minute.
  using opening = new DisposableStack();
  const at = { cwd: folder, env: { ...env, BAKERY_CACHE: testbedCache() } };
  const terminal = opening.use(openTerminal(command, at));
  await terminal.shows(/exit ends this machine[^$]*bakery@\S+:~\$\s*$/);
  const [, line = ''] = /^ *once it is up: ssh (.*)$/m.exec(terminal.screen()) ?? [];
  const run = (script: string): Promise<Ended> => sshInto(['-i', key, ...line.split(' ')], script);
  // A connection that a system just gave up ends in an error too.
  const boot = async (): Promise<string> => (await run('cat /proc/sys/kernel/random/boot_id')).stdout;
  const opened = opening.move();
  return {
    terminal,
    run,
    restart: async () => {
      const before = await boot();
      await run('systemctl reboot');
      await until('a restart', async () => !['', before].includes(await boot()));
      await run('systemctl is-system-running --wait');
    },
    [Symbol.dispose]: () => opened.dispose(),
  };
}

/** sshd may start a little after the shell; it answers late on a busy machine. */
async function sshInto(line: readonly string[], script: string): Promise<Ended> {
  const seconds = patienceMs / 1000;
  const patient = ['ConnectionAttempts=1', `ConnectTimeout=${seconds}`, 'BatchMode=yes', 'LogLevel=ERROR'];
  // It notices a system that is gone.
  const options = [...patient, 'ServerAliveInterval=15'].flatMap((one) => ['-o', one]);
  const child = spawn('ssh', [...options, ...line, 'sudo bash -s']);
  const ended = once(child, 'close');
  child.stdin.on('error', () => {}).end(script);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return { code: child.exitCode, stdout, stderr };
}
