import { execFile, execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testbedCache } from '@bakery/testbed/debian-host/debian-root.ts';
import { type ExampleBakery, exampleBakery } from '@bakery/testbed/example-bakery.ts';
import { patienceMs } from '@bakery/testbed/patience.ts';
import { freePort } from '@bakery/testbed/started-program.ts';
import { openTerminal } from '@bakery/testbed/terminal.ts';

let bakery: ExampleBakery;
beforeAll(async () => {
  bakery = await exampleBakery();
  await bakery.putOut('alpha', '1.0.0');
});
afterAll(async () => bakery[Symbol.asyncDispose]());

it('gives a person a shell with the extension, sudo and ssh, and leaves nothing behind', async () => {
  const key = join(bakery.folder, 'id');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const port = await freePort();
  const words = ['boot', 'alpha:1.0.0', '--os', 'debian', '--ssh', 'id.pub', '--ports', `${port}:22`];
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', main, ...words];
  // The system to boot is the same for all runs; to make it takes a minute.
  const env = { ...bakery.env, BAKERY_CACHE: testbedCache() };
  using terminal = openTerminal(command, { cwd: bakery.folder, env });

  await terminal.shows(/exit ends this machine[^$]*bakery@\S+:~\$\s*$/);
  terminal.type('alpha');
  await terminal.shows(/^alpha 1\.0\.0$/m);
  terminal.type('id -un; sudo id -un');
  await terminal.shows(/^bakery\s+root$/m);

  const line = /^ *once it is up: ssh (.*)$/m.exec(terminal.screen())?.[1] ?? '';
  expect(line).toContain(`-p ${port} `);
  const { stdout } = await ssh(['-i', key, ...line.split(' '), 'alpha; sudo id -un']);
  expect(stdout).toBe('alpha 1.0.0\nroot\n');

  terminal.type('exit');
  expect(await terminal.ended()).toBe(0);
  expect(await readdir(bakery.tmpdir)).toEqual([]);
  await expect(ssh(['-i', key, ...line.split(' '), 'true'])).rejects.toThrow('refused');
});

const main = join(import.meta.dirname, '../src/main.ts');

/** sshd may start a little after the shell; it answers late on a busy machine. */
function ssh(args: readonly string[]): Promise<{ stdout: string }> {
  const seconds = patienceMs / 1000;
  const patient = ['ConnectionAttempts=1', `ConnectTimeout=${seconds}`, 'BatchMode=yes', 'LogLevel=ERROR'];
  return promisify(execFile)('ssh', [...patient.flatMap((one) => ['-o', one]), ...args]);
}
