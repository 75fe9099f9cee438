import { UserError } from '../diagnostics/user-error.ts';
import type { Exec } from '../ports/exec.ts';
import { lastLines } from '../ports/last-lines.ts';
import { findProgram } from '../tools/search-path.ts';

export interface SandboxContext {
  readonly exec: Exec;
  /** As in PATH. */
  readonly path: string;
  /** Processor time a run may take, in seconds. */
  readonly cpuSeconds?: number;
}

const MiB = 2 ** 20;
const disk = 64 * MiB; // bytes; in memory, so nothing of it is left
const shared = MiB; // bytes of /dev/shm
const mostOutput = 32 * MiB; // bytes; static files come back, up to 64 KiB each
const mostCpuSeconds = 20;
const mostSeconds = 120; // by the clock: the machine may be busy
const mostProcesses = 2048;
const mostMemory = 1024 * MiB; // bytes, of each process

export interface SandboxedRun {
  readonly folder: string;
  readonly name: string;
  readonly args: readonly string[];
  /** A second folder, shown read-only as /fetched. */
  readonly fetched?: string;
  /** Bytes it may write. */
  readonly room?: number;
}

/**
 * Runs bash on a text, with one folder of this machine shown read-only as /bakery/NAME.sysext, and the system's
 * programs. It sees no other file, no network, no process and no variable, and whatever it writes is gone afterwards.
 */
export async function runSandboxed(
  script: string,
  run: SandboxedRun,
  { exec, path, cpuSeconds = mostCpuSeconds }: SandboxContext,
): Promise<string> {
  const bwrap = await findProgram('bwrap', path);
  if (bwrap === undefined) {
    throw new UserError('program.missing', 'bwrap: expected it on this machine, got nothing of that name', {
      hint: 'Scripts of strangers run only where bubblewrap closes them in: install the package bubblewrap.',
    });
  }
  // Its first process is bwrap, whose own variables /proc shows to all in it.
  const clean = ['-i', bwrap, ...sandboxArguments(run, cpuSeconds)];
  const { code, stdout, stderr } = await exec.run('env', clean, {
    input: script,
    mostOutput,
    mostSeconds,
  });
  if (code === 0) return stdout;
  throw new UserError(
    'program.failed',
    `${run.name}: the script ended before it could be read, or took more than it may\n  ${lastLines({ stdout: '', stderr })}`,
  );
}

function sandboxArguments(
  { folder, name, args, fetched, room = disk }: SandboxedRun,
  cpuSeconds: number,
): string[] {
  return [
    // Nobody's root: tar would give files to those an archive names.
    ['--unshare-all', '--uid', '1000', '--gid', '1000'],
    ['--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--clearenv'],
    [
      '--setenv',
      'PATH',
      '/usr/local/bin:/usr/bin:/bin',
      '--setenv',
      'LC_ALL',
      'C.UTF-8',
      '--setenv',
      'HOME',
      '/import',
    ],
    ['--ro-bind', '/usr', '/usr'],
    ['/bin', '/lib', '/lib64', '/etc/alternatives'].flatMap((one) => ['--ro-bind-try', one, one]),
    ['--proc', '/proc', '--dev', '/dev'],
    ['--size', `${room}`, '--tmpfs', '/import', '--dir', '/import/root', '--dir', '/import/work'],
    ['--symlink', '/import/work', '/tmp'],
    ['--ro-bind', folder, `/bakery/${name}.sysext`],
    fetched === undefined ? [] : ['--ro-bind', fetched, '/fetched'],
    ['--chdir', '/import/work'],
    // What bwrap puts there by itself has no limit of its own.
    ['--size', `${shared}`, '--tmpfs', '/dev/shm', '--remount-ro', '/dev', '--remount-ro', '/', '--'],
    ['prlimit', `--cpu=${cpuSeconds}`, `--as=${mostMemory}`, `--nproc=${mostProcesses}`, '--core=0', '--'],
    ['bash', '--norc', '-s', '--', ...args],
  ].flat();
}
