import { spawn } from 'node:child_process';
import { access, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { until } from '@bakery/testbed/patience.ts';
import { spawnExec } from './spawn.ts';

const exec = spawnExec(process.env);

it('lives on when a program that it runs apart hangs up on all of its process group', async () => {
  const ended = await exec.run('sh', ['-c', 'echo said; kill -HUP 0; sleep 600'], { isApart: true });
  expect(ended).toEqual({ code: 128, stdout: 'said\n', stderr: '' });
});

it('says that a program is missing, apart as well', async () => {
  const ended = await exec.run('no-such-program', [], { isApart: true });
  expect(ended).toMatchObject({ code: 127, stderr: expect.stringContaining('no-such-program') });
});

it('takes a program that it runs apart along when it is killed', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'spawn-'));
  const [started, told] = ['started', 'told'].map((name) => join(folder.path, name));
  const script = `trap 'touch ${told}; exit' TERM; touch ${started}; while :; do sleep 0.05; done`;
  const program = `const { spawnExec } = await import(${JSON.stringify(join(import.meta.dirname, 'spawn.ts'))});
    await spawnExec(process.env).run('sh', ['-c', ${JSON.stringify(script)}], { isApart: true });`;
  const node = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program];
  const parent = spawn(process.execPath, node, { stdio: 'ignore' });
  await until('a start', () => isThere(started));
  parent.kill('SIGKILL');
  await until('a signal', () => isThere(told));
});

function isThere(path: string | undefined): Promise<boolean> {
  return access(path ?? '').then(
    () => true,
    () => false,
  );
}
