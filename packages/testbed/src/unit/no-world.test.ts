import { execFile } from 'node:child_process';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const jest = join(import.meta.dirname, '../../../../node_modules/jest/bin/jest.js');
const config = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {},
  watchman: false,
  setupFilesAfterEnv: [join(import.meta.dirname, 'no-world.ts')],
};

it.each([
  ['nothing of the kind', '1 + 1', undefined],
  ['a program', "process.getBuiltinModule('node:child_process').spawn('true')", 'started a program'],
  ['a server', "process.getBuiltinModule('node:net').createServer().listen(0).close()", 'started a server'],
  ['a connection', "await fetch('http://127.0.0.1:60999').catch(() => {})", 'opened a connection'],
])('lets a unit test that meets %s pass, or says what it did', async (_what, work, complaint) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'no-world-'));
  await writeFile(join(folder.path, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder.path, 'x.test.ts'), `it('works', async () => void (${work}));`);
  const args = [jest, '--rootDir', folder.path, '--config', JSON.stringify(config), '--maxWorkers=1'];
  const env = { ...process.env, NODE_OPTIONS: '--experimental-vm-modules', FORCE_COLOR: '0' };
  const ran = promisify(execFile)(process.execPath, args, { env, cwd: folder.path });
  if (complaint === undefined) await ran;
  else await expect(ran).rejects.toThrow(`a unit test ${complaint}: expected logic alone.`);
});
