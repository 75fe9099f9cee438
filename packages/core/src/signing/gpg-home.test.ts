import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ownerToken } from '../lifetime/owner.ts';
import { spawnExec } from '../ports/spawn.ts';
import { longestParent, openGpgHome } from './gpg-home.ts';

const generate = ['--passphrase', '', '--quick-generate-key', 'one@tests.example', 'ed25519'];

it('leaves room for the sockets of the agent on a machine with high pids that has run for years', () => {
  const owner = { boot: '0123456789abcdef', namespace: '4026531836', pid: 4_194_304, started: '9999999999' };
  const home = join('/'.padEnd(longestParent, 'x'), `bakery-${ownerToken(owner)}`);
  expect(join(home, 'S.gpg-agent.browser').length).toBeLessThan(108); // sun_path of unix(7), with its NUL
});

it.each([longestParent - 1, longestParent, longestParent + 1, 24, 90, 200])(
  'starts the agent with a TMPDIR of %d characters',
  async (length) => {
    await using short = await mkdtempDisposable(join(tmpdir(), 'g'));
    const long = join(short.path, 'x'.repeat(Math.max(1, length - short.path.length - 1)));
    await using home = await openGpgHome({ exec: spawnExec(process.env), tmpdir: long });
    await expect(home.must('a new key', generate)).resolves.toBe('');
  },
);
