import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { runBakery } from '../../e2e/run-bakery.ts';

it('says what a host of the other bakery must change, and where', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'migrate-check-'));
  const user = { folder: folder.path, env: { PATH: process.env['PATH'] ?? '', HOME: folder.path } };
  await writeFile(
    join(folder.path, 'sshd.conf'),
    'AuthorizedKeysCommandUser opksshuser\nAuthorizedKeysCommand /usr/local/bin/opkssh verify %u %k %t\n',
  );
  await writeFile(join(folder.path, 'host.bu'), 'variant: flatcar\n# /usr/bin/opkssh\n');

  expect(await runBakery(user, ['migrate-check', 'host.bu', 'sshd.conf'])).toEqual({
    code: 1,
    stdout:
      'sshd.conf:2:23 opkssh: /usr/local/bin/opkssh is /usr/bin/opkssh: logins that sshd asks it about fail from the first refresh on\n',
    stderr: '',
  });
  const { stdout } = await runBakery(user, ['migrate-check', 'sshd.conf', '--json']);
  expect(JSON.parse(stdout)).toMatchObject([
    { file: 'sshd.conf', line: 2, column: 23, extension: 'opkssh', old: '/usr/local/bin/opkssh' },
  ]);
  expect(await runBakery(user, ['migrate-check', 'host.bu'])).toMatchObject({
    code: 0,
    stderr: 'nothing to change\n',
  });
  expect(await runBakery(user, ['migrate-check', 'none.bu'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('none.bu: expected a file of a host, found none'),
  });
});
