import { lstat, mkdir, readFile, symlink } from 'node:fs/promises';
import { machine } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { absent } from '../lifetime/file-errors.ts';
import { scratchFolder } from '../lifetime/scratch.ts';
import { type Arch, findArch } from '../names/arch.ts';
import type { Exec } from '../ports/exec.ts';
import { parseRelease } from '../systemd/extension-release.ts';
import { emulatedArches } from './emulated.ts';
import type { Host, Kind } from './host.ts';
import { type Entrance, entrances, mergedCommand } from './merged-root.ts';
import { mostOutput } from './merged.ts';

export interface HostContext {
  readonly exec: Exec;
  readonly isRoot: boolean;
  /** An existing folder for what is written; images are unpacked there. */
  readonly temporary: string;
}

/**
 * This machine itself: images are laid over its own /usr where nobody but the programs of the trial sees them. A
 * UserError says what is needed where that cannot be.
 */
export async function thisHost(context: HostContext): Promise<Host> {
  return hostAt('', await findEntrance(context), context);
}

/** A host whose files are below `root`; empty for this machine. */
export async function hostAt(root: string, entrance: Entrance, context: HostContext): Promise<Host> {
  const release = parseRelease(await readFile(join(root, '/etc/os-release'), 'utf8').catch(() => ''));
  const arch = thisArch();
  const os = [release['ID'] ?? 'unknown', release['VERSION_ID'] ?? ''].join(' ').trim();
  const run: Host['run'] = async (trees, command, options = {}) => {
    await using stage = await scratchFolder(resolve(context.temporary));
    const have = async (folder: string): Promise<string[]> => {
      const found = await Promise.all(
        trees.map(async (tree, index) => ({ index, is: await kindAt(join(tree, folder)) })),
      );
      return found.flatMap(({ index, is }) => (is === 'folder' ? [`${index}/${folder}`] : [])).toReversed();
    };
    // In mount(8)'s list of options "," and ":" separate, so the trees get names without them.
    for (const [index, tree] of trees.entries()) {
      await symlink(relative(stage.path, tree), join(stage.path, String(index)));
    }
    if (root !== '') await symlink(root, join(stage.path, 'host'));
    const merging = { stage: stage.path, root, usr: await have('usr'), opt: await have('opt') };
    const [program = '', ...args] = mergedCommand(entrance, merging, command, options);
    return await context.exec.run(program, args, { cwd: stage.path, mostOutput });
  };
  return {
    name: root === '' ? `this machine (${os}, ${arch})` : `a bare ${os} (${arch})`,
    arch,
    runs: await emulatedArches(),
    release,
    isPristine: root !== '',
    hasRoot: entrance.hasUsers,
    kindAt: (path) => kindAt(join(root, path)),
    run,
    async systemdVersion() {
      const { stdout } = await run([], ['systemctl', '--version']);
      return /^systemd \d+ \((\d+(?:\.\d+)?)/.exec(stdout)?.[1];
    },
  };
}

/** The first way in that works; each is tried whole, since kernels and container engines forbid any part of it. */
export async function findEntrance({ exec, isRoot, temporary }: HostContext): Promise<Entrance> {
  const ways = isRoot ? [entrances.root] : [entrances.user, entrances.sudo];
  const refusals: string[] = [];
  for (const way of ways) {
    await using stage = await scratchFolder(resolve(temporary));
    await mkdir(join(stage.path, 'usr'));
    const merging = { stage: stage.path, root: '', usr: ['usr'], opt: [] };
    const [program = '', ...args] = mergedCommand(way, merging, ['/bin/true'], {});
    try {
      const { code, stderr } = await exec.run(program, args);
      if (code === 0) return way;
      refusals.push(stderr.trim().split('\n').at(-1) ?? '');
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refusals.push(error.message);
    }
  }
  throw new UserError(
    'trial.no-host',
    `this machine: expected to lay images over /usr in a mount namespace: ${refusals.join('; ')}`,
    {
      hint: 'be root, or have passwordless sudo or user namespaces; in a container, --privileged. --host debian:SUITE needs the same, --host vm does not',
    },
  );
}

function thisArch(): Arch {
  const found = findArch(machine());
  if (found !== undefined) return found;
  throw new UserError('trial.no-host', `this machine: expected a known architecture, got ${machine()}`);
}

async function kindAt(path: string): Promise<Kind | undefined> {
  const stats = await lstat(path).catch(absent);
  if (stats === undefined) return undefined;
  if (stats.isSymbolicLink()) return 'symlink';
  return stats.isDirectory() ? 'folder' : 'file';
}
