import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { lock } from './lock.ts';
import { identify } from './process-identity.ts';

it('lets one in at a time', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'));
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      await using _held = await lock(join(folder.path, 'lock'));
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
    }),
  );
  expect(most).toBe(1);
});

it('takes over from a process that was killed', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'));
  const path = join(folder.path, 'lock');
  const script = `import { lock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
    await lock(${JSON.stringify(path)}); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await using _held = await lock(path);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(await identify(process.pid));
});

it('is not fooled by a pid that was given to another process', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'));
  const path = join(folder.path, 'lock');
  await writeFile(path, JSON.stringify({ pid: process.pid, started: 'another-boot/1' }));
  await using _held = await lock(path);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(await identify(process.pid));
});
