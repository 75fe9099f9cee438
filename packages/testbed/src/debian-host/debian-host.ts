import { mkdir, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Exec, Finished } from '@bakery/core/src/ports/exec.ts';
import { runChecked } from '@bakery/core/src/ports/run-checked.ts';
import { spawnExec } from '@bakery/core/src/ports/spawn.ts';
import { enter, type Namespace, startNamespace } from './namespace.ts';
import { checkPrograms } from './required-programs.ts';

/** A disposable Debian with real systemd tools, no service manager running. Paths are absolute, as the host sees them. */
export interface DebianHost extends AsyncDisposable {
  /**
   * Runs a program in the host, as root and with a fixed environment; systemd’s private programs are on the
   * PATH. Nothing answers on D-Bus, so an extension that wants its units reloaded is merged with
   * `systemd-sysext merge --no-reload`.
   */
  run(program: string, args: readonly string[], options?: HostRunOptions): Promise<Finished>;
  /** Writes a text file and the folders above it. */
  write(path: string, text: string): Promise<void>;
  /** Copies a file of this machine into the host, with mode 0644 and the folders above it. */
  place(file: string, path: string): Promise<void>;
  /** The text of a file, or `undefined` when there is none. */
  read(path: string): Promise<string | undefined>;
  /** Whether something is there; links are followed. */
  exists(path: string): Promise<boolean>;
  /** What a link holds, or `undefined` when there is no link. */
  readlink(path: string): Promise<string | undefined>;
}

export interface HostRunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/**
 * Starts a host on a root of `debianRoot`, which stays as it is; what the host writes lies below `temporary`
 * until it is disposed. Folders of this machine in `shared` are there too, at the same paths.
 */
export async function startHost(
  root: string,
  exec: Exec = spawnExec(process.env),
  temporary: string = tmpdir(),
  shared: readonly string[] = [],
): Promise<DebianHost> {
  await checkPrograms(exec);
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(temporary, 'debian-host-')));
  const namespace = stack.use(await startNamespace());
  const top = join(folder.path, 'top');
  await mountAll(exec, namespace, root, folder.path, top);
  for (const path of shared) {
    const there = join(top, path);
    for (const command of [
      ['mkdir', '-p', there],
      ['mount', '--rbind', path, there],
    ])
      await runChecked(exec, 'nsenter', [...enter(namespace), ...command]);
  }
  return hostAt(exec, namespace, top, stack.move());
}

async function mountAll(
  exec: Exec,
  namespace: Namespace,
  root: string,
  folder: string,
  top: string,
): Promise<void> {
  const [upper, work] = [join(folder, 'upper'), join(folder, 'work')];
  await Promise.all([upper, work, top].map((path) => mkdir(path)));
  const layers = `lowerdir=${root},upperdir=${upper},workdir=${work}`;
  const mounts = [
    ['-t', 'overlay', 'overlay', '-o', layers, top],
    // systemd-sysext merges in a mount namespace of its own; a merge comes out through a shared mount only.
    ['--make-shared', top],
    ['-t', 'proc', 'proc', join(top, 'proc')],
    ['-t', 'sysfs', 'sysfs', join(top, 'sys')],
    ['--rbind', '/dev', join(top, 'dev')], // loop devices
    ['-t', 'tmpfs', 'tmpfs', join(top, 'run')],
    ['--make-shared', join(top, 'run')],
  ];
  for (const args of mounts) {
    await runChecked(exec, 'nsenter', [...enter(namespace), 'mount', ...args]);
  }
}

function hostAt(exec: Exec, namespace: Namespace, top: string, owned: AsyncDisposableStack): DebianHost {
  async function run(
    program: string,
    args: readonly string[],
    options: HostRunOptions = {},
  ): Promise<Finished> {
    const { env = {}, ...rest } = options;
    const command = ['chroot', top, '/usr/bin/env', '-i', ...assignments(env), program, ...args];
    return exec.run('nsenter', [...enter(namespace), ...command], rest);
  }
  async function runInside(...command: Parameters<typeof run>): Promise<void> {
    const { code, stderr } = await run(...command);
    if (code !== 0) throw new Error(`${command[0]} ${command[1].join(' ')}: in the host: ${stderr}`);
  }
  async function textOf(program: string, args: readonly string[]): Promise<string | undefined> {
    const { code, stdout } = await run(program, args);
    return code === 0 ? stdout : undefined;
  }
  return {
    run,
    write: async (path, input) => {
      await runInside('mkdir', ['-p', dirname(path)]);
      await runInside('dd', [`of=${path}`, 'status=none'], { input });
    },
    place: async (file, path) => {
      const args = ['install', '-D', '-m', '0644', file, join(top, path)];
      await runChecked(exec, 'nsenter', [...enter(namespace), ...args]);
    },
    read: (path) => textOf('cat', [path]),
    exists: async (path) => (await run('test', ['-e', path])).code === 0,
    readlink: (path) => textOf('readlink', ['--no-newline', path]),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function assignments(env: Readonly<Record<string, string>>): string[] {
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/usr/lib/systemd';
  const all = { PATH: path, HOME: '/root', LANG: 'C.UTF-8', SYSTEMD_COLORS: '0', ...env };
  return Object.entries(all).map(([name, value]) => `${name}=${value}`);
}
