import { readFile } from 'node:fs/promises';
import type { Exec } from '../ports/exec.ts';
import { findProgram, withSystemFolders } from '../tools/search-path.ts';

/** What this machine lets us put around a program that reads a stranger's image. */
export interface Cage {
  /** Everything but one folder is read-only, no network, no other process is seen (bubblewrap). */
  readonly isClosed: boolean;
  /** It runs as a user who owns nothing (setpriv; only root can become another). */
  readonly isNobody: boolean;
  /** Memory, time and size of files are bounded (prlimit). */
  readonly isBounded: boolean;
}

export interface CageContext {
  readonly exec: Exec;
  /** As in PATH. */
  readonly path: string;
  readonly isRoot: boolean;
}

/** What a caged program may see and take. Paths are absolute. */
export interface CagedRun {
  /** Where it starts. */
  readonly start: string;
  /** The only folder that can be written. */
  readonly folder: string | undefined;
  /** Files shown under other names, read-only. */
  readonly shown: readonly { readonly file: string; readonly as: string }[];
  /** Seconds of processor time. */
  readonly seconds: number;
  /** Bytes of each file it writes. */
  readonly fileSize: number;
  readonly path: string;
}

export const nobody = 65_534;
export const memory = 4 * 2 ** 30; // bytes; unsquashfs takes 0.5 GiB for queues, and stacks by the number of processors

/** Tries what there is, since kernels and container engines forbid each of it in some places. */
export async function findCage({ exec, path, isRoot }: CageContext): Promise<Cage> {
  const tools = withSystemFolders(path);
  const run = { start: '/', folder: undefined, shown: [], seconds: 60, fileSize: 0, path: tools };
  const works = async (cage: Cage): Promise<boolean> => {
    const [program = '', ...args] = cageArguments(cage, run, ['true']);
    if ((await findProgram(program, path)) === undefined) return false;
    return (await exec.run(program, args)).code === 0;
  };
  const none: Cage = { isClosed: false, isNobody: false, isBounded: false };
  const isNobody = isRoot && (await ownsEverything()) && (await works({ ...none, isNobody: true }));
  const isBounded = await works({ ...none, isBounded: true });
  const isClosed = await works({ isNobody, isBounded: false, isClosed: true });
  return { isClosed, isNobody, isBounded };
}

/** CAP_CHOWN, CAP_DAC_OVERRIDE and CAP_FOWNER: without them root cannot remove what nobody wrote. */
const rootsRights = 0b1011n;

/** Whether root has its rights over files of others, which a container may have taken. */
async function ownsEverything(): Promise<boolean> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const [, bits] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  return bits === undefined || (BigInt(`0x${bits}`) & rootsRights) === rootsRights;
}

/** The command line that runs `command` in the cage; begins with a program. */
export function cageArguments(cage: Cage, run: CagedRun, command: readonly string[]): string[] {
  return [
    ...(cage.isBounded ? limitArguments(run) : []),
    ...(cage.isClosed ? wallArguments(run, cage.isNobody) : []),
    ...(cage.isNobody ? nobodyArguments : []),
    ...command,
  ];
}

function limitArguments({ seconds, fileSize }: CagedRun): string[] {
  return ['prlimit', `--cpu=${seconds}`, `--data=${memory}`, `--fsize=${fileSize}`, '--core=0', '--'];
}

function wallArguments({ start, folder, shown, path }: CagedRun, isNobody: boolean): string[] {
  return [
    ['bwrap', '--die-with-parent', '--new-session'],
    ['--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts'],
    ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
    folder === undefined ? [] : ['--bind', folder, folder],
    shown.flatMap(({ file, as }) => ['--ro-bind', file, as]),
    ['--chdir', start, '--clearenv'],
    Object.entries(cleanEnvironment(path)).flatMap(([name, value]) => ['--setenv', name, value]),
    ['--cap-drop', 'ALL'],
    isNobody ? ['--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID'] : [],
    ['--'],
  ].flat();
}

export function cleanEnvironment(path: string): Record<string, string> {
  return { PATH: path, LC_ALL: 'C', TZ: 'UTC' };
}

const nobodyArguments = [
  ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--no-new-privs'],
  ['--inh-caps=-all', '--'],
].flat();
