import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { bootId, lifeOf, ownerOf, ownerToken, parseOwned } from './owner.ts';

describe('lifeOf', () => {
  it('tells a living process from a dead one, and from one that got its pid', async () => {
    const child = spawn('sleep', ['60']);
    const owner = ownerOf(child.pid);
    expect(lifeOf(ownerOf())).toBe('alive');
    expect(lifeOf(owner)).toBe('alive');
    expect(lifeOf({ ...owner, started: '1' })).toBe('dead');
    expect(lifeOf({ ...ownerOf(), started: '1' })).toBe('dead');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(lifeOf(owner)).toBe('dead');
  });

  it('takes a process for dead that nobody has waited for', async () => {
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await once(parent.stdout, 'data');
    const zombie = ownerOf(Number(String(said)));
    expect(lifeOf(zombie)).toBe('alive');
    // The shell would wait for it; what it becomes does not.
    while (readFileSync(`/proc/${parent.pid}/comm`, 'utf8') !== 'sleep\n') await pause(10);
    process.kill(zombie.pid, 'SIGKILL');
    while (lifeOf(zombie) === 'alive') await pause(10);
    expect(existsSync(`/proc/${zombie.pid}`)).toBe(true);
    expect(lifeOf(zombie)).toBe('dead');
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  });

  it('does not know of processes on other machines and in other pid namespaces', () => {
    expect(lifeOf({ ...ownerOf(), boot: '0123456789abcdef' })).toBe('unknown');
    expect(lifeOf({ ...ownerOf(), namespace: '1' })).toBe('unknown');
    expect(lifeOf({ ...ownerOf(), namespace: '0', started: '1' })).toBe('unknown');
    expect(lifeOf({ ...ownerOf(), namespace: '0' })).toBe('alive');
  });

  it.each([
    ['', 'of its own'],
    ['--mount-proc', 'of its own, with its own /proc'],
  ])('knows itself and no other in a pid namespace (%s)', (option) => {
    const script = `import { lifeOf, ownerOf } from './owner.ts';
      console.log(lifeOf(ownerOf()), lifeOf(${JSON.stringify(ownerOf())}), ownerOf().pid);`;
    const args = [
      '--pid',
      '--fork',
      ...(option === '' ? [] : [option]),
      process.execPath,
      '--input-type=module',
      '-e',
      script,
    ];
    const { stdout } = spawnSync('unshare', args, { cwd: import.meta.dirname, encoding: 'utf8' });
    expect(stdout).toBe('alive unknown 1\n');
  });
});

describe('a name with an owner', () => {
  it('says whose it is, and is never the same', () => {
    const name = `bakery-${ownerToken()}`;
    expect(parseOwned(name)).toEqual({ prefix: 'bakery-', owner: ownerOf() });
    expect(ownerToken()).not.toBe(ownerToken());
    expect(name.length).toBeLessThan(100);
  });

  it('is understood in the form of earlier versions', () => {
    const random = '01234567-89ab-cdef-0123-456789abcdef';
    const name = `bakery-12-${bootId()}_345-${random}`;
    const owner = { boot: ownerOf().boot, namespace: '0', pid: 12, started: '345' };
    expect(parseOwned(name)).toEqual({ prefix: 'bakery-', owner });
  });

  it.each(['bakery-1234', 'bakery-1-2_3-4', 'notes', `${ownerToken()}x`, ''])(
    'is not found in %j',
    (name) => {
      expect(parseOwned(name)).toBeUndefined();
    },
  );
});
