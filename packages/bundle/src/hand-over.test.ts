import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtempDisposable, readdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const execute = promisify(execFile);
const here = join(import.meta.dirname, '../../..');

it('hands the bundle of one job to another, and refuses what a third put in its place', async () => {
  await using home = await mkdtempDisposable(join(tmpdir(), 'hand-over-'));
  const at = (path: string): string => join(home.path, path);
  const run = async (job: string, script: string, ...args: string[]): Promise<string> => {
    const env = {
      ...process.env,
      PATH: `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}`,
      RUNNER_TEMP: at('temp'),
    };
    return (await execute(at(`${job}/scripts/${script}`), args, { env })).stdout;
  };
  for (const job of ['check', 'build', 'publish']) {
    await cp(join(here, 'scripts'), at(`${job}/scripts`), { recursive: true });
  }
  // Only one job has the sources; their packages are those of this checkout.
  for (const path of ['packages', 'package.json']) {
    await cp(join(here, path), at(`check/${path}`), { recursive: true, verbatimSymlinks: true });
  }
  await symlink(join(here, 'node_modules'), at('check/node_modules'));
  await cp(join(here, 'node_modules/.installed-lock'), at('check/pnpm-lock.yaml'));

  const said = await run('check', 'pack-bundle');
  const [, sha256 = ''] = /^sha256=([0-9a-f]{64})\n$/.exec(said) ?? [];
  expect(sha256).not.toBe('');
  expect(await run('check', 'pack-bundle')).toBe(''); // as in a published tag
  await run('build', 'unpack-bundle', sha256);
  expect(await readdir(at('build/dist/actions/src'))).toEqual(await readdir(at('check/dist/actions/src')));

  await appendFile(at('temp/bundle/dist.tar.gz'), 'x');
  await expect(run('publish', 'unpack-bundle', sha256)).rejects.toMatchObject({
    stdout: expect.stringMatching(`::error::the bundle of this run: expected sha256 ${sha256}, .* got`),
  });
  expect(await readdir(at('publish'))).toEqual(['scripts']);
});
