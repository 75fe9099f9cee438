import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, appendFile, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { runChecked } from '@bakery/core/src/ports/run-checked.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';

const repository = join(import.meta.dirname, '../../..');
const exec = spawnExec(process.env);
const installing = 'bakery: installing the packages of this checkout ...';

let home: Awaited<ReturnType<typeof mkdtempDisposable>>;
let clone: string;

beforeAll(async () => {
  home = await mkdtempDisposable(join(tmpdir(), 'install-'));
});

beforeEach(async () => {
  clone = join(home.path, expect.getState().currentTestName?.replaceAll(/\W/g, '-') ?? '');
  await runChecked(exec, 'git', ['clone', '--quiet', repository, clone]);
});

afterAll(() => home[Symbol.asyncDispose]());

async function start(program: string, ...args: string[]): Promise<{ code: number; stderr: string }> {
  return exec.run(join(clone, program), args, { cwd: clone });
}

/** Rejects when it is not there. */
function tool(name: string): Promise<void> {
  return access(join(clone, 'node_modules/.bin', name));
}

it('lets two first runs at once install once', async () => {
  const [one, other] = await Promise.all([start('bakery', 'list'), start('bakery', 'list')]);
  expect([one.code, other.code]).toEqual([0, 0]);
  expect(`${one.stderr}${other.stderr}`.split(installing)).toHaveLength(2);
});

it('finishes what runs that were killed have begun', async () => {
  for (const moment of [0, 300, 600, 900]) await killWhileInstalling(moment);
  expect(await start('bakery', 'list')).toMatchObject({ code: 0 });
  expect(await start('bakery', 'list')).toMatchObject({ code: 0, stderr: '' });
});

async function killWhileInstalling(afterMs: number): Promise<void> {
  const child = spawn('./bakery', ['list'], {
    cwd: clone,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = once(child, 'close');
  for await (const line of createInterface({ input: child.stderr })) if (line === installing) break;
  await pause(afterMs);
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  await closed;
}

it('installs the rest for those who work on it, once, and keeps it', async () => {
  expect(await start('bakery', 'list')).toMatchObject({ code: 0 });
  await expect(tool('jest')).rejects.toThrow('ENOENT');
  expect(await start('scripts/dev', 'tsc', '--version')).toMatchObject({ code: 0 });
  expect(await start('bakery', 'list')).toMatchObject({ code: 0, stderr: '' });
  await tool('jest');
  // As after a pull that changes the lock.
  await appendFile(join(clone, 'pnpm-lock.yaml'), '\n');
  const { code, stderr } = await start('bakery', 'list');
  expect({ code, stderr: stderr.trim() }).toEqual({ code: 0, stderr: installing });
  await tool('jest');
  expect(await start('scripts/dev', 'tsc', '--version')).toMatchObject({ code: 0, stderr: '' });
});
