import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { lock } from './lock.ts';
import { bootId, ownerOf } from './owner.ts';

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
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(myself());
});

it('is not fooled by a pid that was given to another process', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'));
  const path = join(folder.path, 'lock');
  await writeFile(path, JSON.stringify({ ...myself(), started: `${bootId()}/1` }));
  await using _held = await lock(path);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(myself());
});

const elsewhere = [
  ['in another pid namespace', { namespace: '1' }],
  ['on another machine', { started: '01234567-89ab-cdef-0123-456789abcdef/1' }],
  ['of an earlier version, with a pid that is not here', { pid: 4194305, namespace: undefined }],
] as const;

it.each(elsewhere)('waits for a holder %s as long as it gives signs', async (_, where) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'));
  const path = join(folder.path, 'lock');
  await writeFile(path, JSON.stringify({ ...myself(), ...where }));
  const sign = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, 50);
  let isTaken = false;
  const waiting = lock(path, { leaseMs: 3_000 }).then((held) => {
    isTaken = true;
    return held;
  });
  await pause(1_000);
  expect(isTaken).toBe(false);
  clearInterval(sign);
  await using _held = await waiting;
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(myself());
});

it('does not give back a lock that another took meanwhile', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'));
  const path = join(folder.path, 'lock');
  const held = await lock(path);
  await rm(path);
  await writeFile(path, 'of another');
  await held[Symbol.asyncDispose]();
  expect(await readFile(path, 'utf8')).toBe('of another');
});

/** What a lock of this process says. */
function myself() {
  const { pid, namespace, started } = ownerOf();
  return { pid, started: `${bootId()}/${started}`, namespace };
}
