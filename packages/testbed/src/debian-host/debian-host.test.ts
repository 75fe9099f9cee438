import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtempDisposable, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { runChecked } from '@bakery/core/src/ports/run-checked.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { patienceMs } from '../patience.ts';
import { startHost } from './debian-host.ts';
import { debianRoot } from './debian-root.ts';
import { holdProcess } from './held-process.ts';
import { checkPrograms } from './required-programs.ts';

const exec = spawnExec(process.env);
let root: string;
beforeAll(async () => {
  root = await debianRoot();
});

describe('a Debian host', () => {
  it('runs systemd 257 with its own environment', async () => {
    await using host = await startHost(root);
    expect((await host.run('systemd-sysupdate', ['--version'])).stdout).toMatch(/^systemd 257 /);
    const { stdout } = await host.run('env', [], { env: { LANG: 'C' } });
    expect(stdout.split('\n')).toContain('LANG=C');
    expect(stdout).not.toContain('NODE_OPTIONS');
  });

  it('writes, reads and finds files that the next host does not see', async () => {
    {
      await using host = await startHost(root);
      await host.write('/etc/some/where/note.txt', 'one\ntwo\n');
      expect(await host.read('/etc/some/where/note.txt')).toBe('one\ntwo\n');
      expect(await host.exists('/etc/some')).toBe(true);
      await host.run('ln', ['-s', '../target', '/etc/some/link']);
      expect(await host.readlink('/etc/some/link')).toBe('../target');
      expect(await host.readlink('/etc/some')).toBeUndefined();
    }
    await using host = await startHost(root);
    expect(await host.exists('/etc/some')).toBe(false);
    expect(await host.read('/etc/some/where/note.txt')).toBeUndefined();
  });

  it('merges an extension, runs a program out of the merged /usr, and unmerges it', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'sysext-'));
    await using host = await startHost(root);
    await host.place(await greetingImage(folder.path), '/etc/extensions/greeting.raw');

    expect(await host.run('systemd-sysext', ['merge'])).toMatchObject({ code: 0 });
    expect(await host.run('greet', [])).toEqual({
      code: 0,
      stdout: 'hello from the extension\n',
      stderr: '',
    });
    expect((await host.run('systemd-sysext', ['status'])).stdout).toMatch(/\/usr\s+greeting/);
    expect(await host.run('systemd-sysext', ['refresh'])).toMatchObject({ code: 0 });
    expect(await host.run('systemd-sysext', ['unmerge'])).toMatchObject({ code: 0 });
    expect((await host.run('greet', [])).code).toBe(127);
  });

  it('undoes everything when a test fails while merged, daemons included', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'sysext-'));
    const image = await greetingImage(folder.path);
    async function failing(): Promise<void> {
      await using host = await startHost(root, exec, folder.path);
      await host.place(image, '/etc/extensions/greeting.raw');
      await host.run('systemd-sysext', ['merge']);
      await host.run('sh', ['-c', 'sleep 987654 >/dev/null 2>&1 &']);
      throw new Error('on purpose');
    }
    await expect(failing()).rejects.toThrow('on purpose');
    expect((await exec.run('pgrep', ['-f', 'sleep 987654'])).code).toBe(1);
    expect((await exec.run('mount', [])).stdout).not.toContain('debian-host-');
    expect((await readdir(folder.path)).toSorted()).toEqual(['greeting.raw', 'tree']);
  });

  it('leaves the pristine root as it was', async () => {
    expect(await readdir(join(root, 'proc'))).toEqual([]);
    expect(await readdir(join(root, 'run'))).not.toContain('extensions');
  });
});

describe('a held process', () => {
  it('says why it could not be started', async () => {
    await expect(holdProcess('flock', ['/no/such/folder/lock'])).rejects.toThrow('cannot open lock file');
    await expect(holdProcess('no-such-program', [])).rejects.toThrow('no-such-program');
  });

  it('keeps a lock until it is disposed', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'));
    const lock = join(folder.path, 'lock');
    {
      await using _held = await holdProcess('flock', [lock]);
      expect((await exec.run('flock', ['--nonblock', lock, 'true'])).code).toBe(1);
    }
    expect((await exec.run('flock', ['--nonblock', lock, 'true'])).code).toBe(0);
  });

  it('ends with the process that holds it, even a killed one, and all it started', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'lock-'));
    const lock = join(folder.path, 'lock');
    const holder = spawn(process.execPath, ['--input-type=module', '--eval', holdingProgram, lock]);
    const [line] = await once(createInterface({ input: holder.stdout }), 'line');
    expect(line).toBe('started');
    expect((await exec.run('flock', ['--nonblock', lock, 'true'])).code).toBe(1);
    holder.kill('SIGKILL');
    expect((await exec.run('flock', ['--timeout', `${patienceMs / 1000}`, lock, 'true'])).code).toBe(0);
    expect((await exec.run('pgrep', ['-f', 'sleep 876543'])).code).toBe(1);
  });
});

const holdingProgram = `
  import { spawn } from 'node:child_process';
  import { enter, startNamespace } from '${new URL('namespace.ts', import.meta.url).href}';
  const namespace = await startNamespace(process.argv[1]);
  spawn('nsenter', [...enter(namespace), 'sleep', '876543']).once('spawn', () => console.log('started'));
`;

it('names the package of a program the machine lacks', async () => {
  await using empty = await mkdtempDisposable(join(tmpdir(), 'no-programs-'));
  await expect(checkPrograms(spawnExec({ PATH: empty.path }))).rejects.toMatchObject({
    message: 'debian host: expected the program mmdebstrap, not found',
    hint: 'apt-get install mmdebstrap',
  });
});

async function greetingImage(folder: string): Promise<string> {
  const tree = join(folder, 'tree');
  const release = join(tree, 'usr/lib/extension-release.d');
  await mkdir(join(tree, 'usr/bin'), { recursive: true });
  await mkdir(release, { recursive: true });
  await writeFile(join(tree, 'usr/bin/greet'), '#!/bin/sh\necho hello from the extension\n', { mode: 0o755 });
  await writeFile(join(release, 'extension-release.greeting'), 'ID=_any\n');
  const image = join(folder, 'greeting.raw');
  await runChecked(exec, 'mksquashfs', [tree, image, '-noappend', '-all-root', '-quiet', '-no-progress']);
  return image;
}
