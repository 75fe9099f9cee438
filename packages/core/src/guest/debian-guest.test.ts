import { mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Exec } from '../ports/exec.ts';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { debianGuest } from './debian-guest.ts';
import { machines } from './machine.ts';

it.each([
  'install arch-test for foreign architecture support',
  'arm64 can neither be executed natively nor via qemu user emulation with binfmt_misc',
])('says what a machine lacks where mmdebstrap says "%s", and leaves nothing half-made', async (said) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'debian-guest-'));
  const refused = `echo 'E: ${said}' >&2; exit 25`;
  const real = spawnExec(process.env);
  const exec = { ...real, run: () => real.run('sh', ['-c', refused]) };
  const context = { exec, report: silentReport, cacheFolder: folder.path, offline: false };
  await expect(debianGuest('trixie', 'arm64', machines.arm64, context)).rejects.toMatchObject({
    code: 'program.failed',
    hint: expect.stringContaining('apt-get install qemu-user-static binfmt-support arch-test'),
  });
  expect((await readdir(join(folder.path, 'guests'))).filter((name) => name !== 'lock')).toEqual([]);
});

it('says what happened where the disk is full, and mmdebstrap hangs up on all of its process group', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'debian-guest-'));
  const real = spawnExec(process.env);
  const full = 'echo "W: creating tarball failed: No space left on device" >&2; kill -HUP 0; sleep 600';
  const run: Exec['run'] = (_program, _args, options) => real.run('sh', ['-c', full], options);
  const context = { exec: { ...real, run }, report: silentReport, cacheFolder: folder.path, offline: false };
  await expect(debianGuest('trixie', 'x86-64', machines['x86-64'], context)).rejects.toMatchObject({
    message: expect.stringContaining('No space left on device'),
  });
  expect((await readdir(join(folder.path, 'guests'))).filter((name) => name !== 'lock')).toEqual([]);
});
