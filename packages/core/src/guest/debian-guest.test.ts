import { mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { silentReport } from '../ports/report.ts';
import { spawnExec } from '../ports/spawn.ts';
import { debianGuest } from './debian-guest.ts';
import { machines } from './machine.ts';

it('says what a machine lacks that cannot run programs of the guest, and leaves nothing half-made', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'debian-guest-'));
  const refused = 'echo "E: install arch-test for foreign architecture support" >&2; exit 25';
  const real = spawnExec(process.env);
  const exec = { ...real, run: () => real.run('sh', ['-c', refused]) };
  const context = { exec, report: silentReport, cacheFolder: folder.path, offline: false };
  await expect(debianGuest('trixie', 'arm64', machines.arm64, context)).rejects.toMatchObject({
    code: 'program.failed',
    hint: expect.stringContaining('apt-get install qemu-user-static binfmt-support arch-test'),
  });
  expect((await readdir(join(folder.path, 'guests'))).filter((name) => name !== 'lock')).toEqual([]);
});
