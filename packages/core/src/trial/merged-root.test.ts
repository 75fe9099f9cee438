import { chmod, mkdir, mkdtempDisposable, readdir, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { imageToTry } from '../../testing/image-to-try.ts';
import { UserError } from '../diagnostics/user-error.ts';
import type { Exec } from '../ports/exec.ts';
import { runChecked } from '../ports/run-checked.ts';
import { spawnExec } from '../ports/spawn.ts';
import { withSystemFolders } from '../tools/search-path.ts';
import type { Host } from './host.ts';
import { allChecks } from './outcome.ts';
import { thisHost } from './this-host.ts';
import { tryImages } from './try-images.ts';

const path = withSystemFolders(process.env['PATH'] ?? '');
const exec = spawnExec({ ...process.env, PATH: path });
const context = { exec, path, isRoot: true, temporary: tmpdir() };

let host: Host;
beforeAll(async () => {
  host = await thisHost(context);
});

/** A folder that only the machine’s root may write, where nothing of a trial is laid over it. */
function rootsFolder() {
  return mkdtempDisposable('/var/lib/trial-');
}

async function tree(root: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), content);
    await chmod(join(root, file), 0o755);
  }
  return root;
}

const folders = ['usr/local/sbin', 'usr/local/bin'];
const names = [
  [
    'sh',
    'mount',
    'unshare',
    'nsenter',
    'mkdir',
    'cp',
    'chmod',
    'ln',
    'sleep',
    'kill',
    'env',
    'timeout',
    'prlimit',
  ],
  ['setpriv', 'chroot', 'cut', 'id', 'true', 'systemd-sysusers', 'systemd-tmpfiles', 'systemd-analyze'],
].flat();

describe('a merged root', () => {
  it('has none of its programs run with rights over the machine', async () => {
    await using mark = await rootsFolder();
    await using folder = await mkdtempDisposable(join(tmpdir(), 'trial-'));
    const planted = `#!/bin/bash\nid -u > ${mark.path}/\${0##*/}\nexit 0\n`;
    const files = Object.fromEntries(
      folders.flatMap((at) => names.map((name) => [`${at}/${name}`, planted])),
    );
    const unit = '[Unit]\nDescription=Planted\n[Service]\nExecStart=/usr/bin/nowhere\nUser=nowhere\n';
    const image = await imageToTry(
      folder.path,
      {
        files: {
          ...files,
          'usr/lib/systemd/system/planted.service': unit,
          'usr/lib/sysusers.d/planted.conf': 'u planted - "Planted" /var/lib/planted\n',
        },
      },
      context,
    );
    const failed = allChecks(await tryImages([image], host, context)).filter(
      ({ result }) => result === 'failed',
    );
    expect(await readdir(mark.path)).toEqual([]);
    // Nor do they decide what becomes of the trial.
    expect(failed.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['units load', 'users, groups and temporary files are made']),
    );
  });

  it.each([
    ['its loader', async () => ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1']],
    ['its C library', async () => [await libc()]],
  ])('is built by programs that load nothing of it: %s', async (_, covered) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'trial-'));
    const there = await Promise.all((await covered()).map((file) => realpath(file).catch(() => '')));
    const files = Object.fromEntries(there.filter((file) => file !== '').map((file) => [file, 'rubbish']));
    const ended = await host.run([await tree(folder.path, files)], ['/bin/true']);
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toMatch(/^unshare: failed to execute \/bin\/true|^\/bin\/true: error while loading/);
  });

  it('knows a root who is nobody on this machine', async () => {
    await using mark = await rootsFolder();
    await using folder = await mkdtempDisposable(join(tmpdir(), 'trial-'));
    const attempts = [
      'id -u',
      `touch /etc/planted ${mark.path}/planted`,
      'mknod /tmp/zero c 1 5',
      'mount -o remount,rw /usr',
      'umount -l /usr',
      'umount -l /',
      'echo 1 > /proc/sys/vm/drop_caches',
      'cat /proc/1/environ',
      'ls /proc/1/root/',
      'kill -9 1 $PPID',
      // The way out of a root that is a folder and nothing more (chroot(2)).
      `perl -e 'mkdir "/tmp/x"; chroot "/tmp/x" or die; chdir ".." for 1..99; chroot "."; exit !-e "${mark.path}"'`,
    ];
    const script = attempts.map(
      (attempt) => `{ ${attempt}; } 2> /dev/null && echo "did ${attempt.replaceAll('"', '')}"`,
    );
    await tree(folder.path, { 'usr/bin/planted': '' });
    const ended = await host.run([folder.path], ['/bin/sh', '-c', [...script, ':'].join('\n')], {
      asRoot: true,
    });
    expect(ended).toEqual({ code: 0, stdout: '0\ndid id -u\n', stderr: '' });
    expect(await readdir(mark.path)).toEqual([]);
  });

  it('has nothing of the machine but its system', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'trial-'));
    await tree(folder.path, { 'usr/bin/planted': '' });
    const { stdout } = await host.run(
      [folder.path],
      ['/bin/sh', '-c', 'ls -A /home /root /run /tmp /var /dev'],
    );
    const devices = ['fd', 'full', 'null', 'random', 'shm', 'stderr', 'stdin', 'stdout', 'urandom', 'zero'];
    const found = stdout.split('\n').filter((line) => line !== '' && !line.endsWith(':'));
    expect(found).toEqual([...devices, 'tmp']);
  });

  it('lets nobody write to what everybody may write on the machine', async () => {
    await mkdir('/opt', { recursive: true });
    await using open = await mkdtempDisposable('/opt/trial-');
    await chmod(open.path, 0o777);
    await using mark = await rootsFolder();
    for (const one of [host, await hostOf(mark.path)]) {
      if (one === undefined) continue;
      const stage = await tree(join(mark.path, one === host ? 'root' : 'user'), { 'usr/bin/planted': '' });
      const ended = await one.run(
        [stage],
        ['/bin/sh', '-c', `ls -d ${open.path}; touch ${open.path}/planted`],
      );
      expect(ended).toMatchObject({ stdout: `${open.path}\n`, stderr: expect.stringContaining('Read-only') });
    }
    expect(await readdir(open.path)).toEqual([]);
  });

  it('is built without root too, and leads nowhere else', async () => {
    await using mark = await rootsFolder();
    const their = await hostOf(mark.path);
    if (their === undefined) return;
    await tree(join(mark.path, 'tree'), {
      'usr/bin/planted': '#!/bin/sh\nid -u\ngrep Cap[PE] /proc/self/status\n',
    });
    const script = `planted; ls -A / ${mark.path} /proc/1/root/; cat /proc/1/environ; unshare --user true`;
    const { stdout } = await their.run([join(mark.path, 'tree')], ['/bin/sh', '-c', script]);
    expect(stdout).toMatch(/^65534\nCapPrm:\t0+\nCapEff:\t0+\n\/:\n(?:\w+\n)+$/);
    expect(stdout).not.toContain('lost+found');
  });
});

const somebody = 54_321;

/** This machine for a user who is not root, where it lets one make mounts. */
async function hostOf(temporary: string): Promise<Host | undefined> {
  const user = [`--reuid=${somebody}`, `--regid=${somebody}`, '--clear-groups', '--'];
  const run: Exec['run'] = async (program, args, options) => {
    await runChecked(exec, 'chown', ['-R', '-h', `${somebody}:${somebody}`, temporary]);
    return await exec.run('setpriv', [...user, program, ...args], options);
  };
  try {
    return await thisHost({ exec: { ...exec, run }, isRoot: false, temporary });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`skipped: ${error.message}\n`);
    return undefined;
  }
}

async function libc(): Promise<string> {
  const { stdout } = await exec.run('ldd', ['/usr/bin/true']);
  return /=> (\S+libc\.so\.6)/.exec(stdout)?.[1] ?? '';
}
