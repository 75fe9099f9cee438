import type { Arch } from '../names/arch.ts';
import { type Engine, ociArch } from './engine.ts';

/** Where a container has its input, and where it leaves its output. */
export const inputFolder = '/bakery';
export const outputFolder = '/out';

export interface ContainerPlan {
  /** Of the container; starts with `containerPrefix`. */
  readonly name: string;
  /** Id or reference of an image that is there. */
  readonly image: string;
  readonly arch: Arch;
  readonly network: boolean;
  readonly env: Readonly<Record<string, string>>;
  /** Program and arguments to run in it. */
  readonly command: readonly [program: string, ...args: string[]];
}

/** Starts the name of every container of ours, so that those of killed runs are found. */
export const containerPrefix = 'bakery-build-';

/**
 * Makes a container that does not run yet. Nothing of this machine is mounted into it, and nobody in it becomes more
 * than they are. Nobody makes devices either: where no control group stands before it, podman would let root read
 * the disks of this machine by one. Only one with a network is told of the machine’s proxies, which may hold a password; Docker never
 * does that by itself.
 */
export function createArgs(plan: ContainerPlan, engine: Engine): string[] {
  const [program, ...args] = plan.command;
  const env = Object.entries(plan.env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  return [
    'create',
    `--name=${plan.name}`,
    '--pull=never',
    `--platform=linux/${ociArch(plan.arch)}`,
    ...(plan.network ? [] : ['--network=none']),
    ...(engine === 'podman' && !plan.network ? ['--http-proxy=false'] : []),
    '--security-opt=no-new-privileges',
    '--cap-drop=MKNOD',
    '--user=0:0',
    ...env,
    `--entrypoint=${program}`,
    '--',
    plan.image,
    ...args,
  ];
}

export function copyInArgs(name: string, folder: string): string[] {
  return ['cp', folder, `${name}:/`];
}

/** A tar of a folder to standard output, its own name first in every member. */
export function copyOutArgs(name: string, path: string): string[] {
  return ['cp', `${name}:${path}`, '-'];
}

export function startArgs(name: string): string[] {
  return ['start', '--attach', name];
}

/** Writes a tar of all files of a container; podman cannot write one to a socket, which Node.js makes of a pipe. */
export function exportArgs(name: string, file: string): string[] {
  return ['export', `--output=${file}`, name];
}

/** podman would wait ten seconds for a container that is told to end. */
export function killArgs(name: string): string[] {
  return ['kill', name];
}

/** Ends a container however it is, with the volumes its image declares. */
export function removeArgs(names: readonly string[]): string[] {
  return ['rm', '--force', '--volumes', ...names];
}

export function listArgs(): string[] {
  return ['ps', '--all', `--filter=name=${containerPrefix}`, '--format={{.Names}}\t{{.CreatedAt}}'];
}

const imageFormat = '--format={{.Id}} {{.Os}}/{{.Architecture}}';

export function inspectImageArgs(reference: string): string[] {
  return ['image', 'inspect', imageFormat, '--', reference];
}

/** Of Docker 28.1 and newer: one of the images behind a reference. */
export function inspectOneImageArgs(reference: string, arch: Arch): string[] {
  return ['image', 'inspect', `--platform=linux/${ociArch(arch)}`, imageFormat, '--', reference];
}

export function pullArgs(reference: string, arch: Arch): string[] {
  return ['pull', '--quiet', `--platform=linux/${ociArch(arch)}`, '--', reference];
}

export function tagArgs(id: string, name: string): string[] {
  return ['tag', '--', id, name];
}

/** Removes a name of an image that has others. */
export function untagArgs(reference: string): string[] {
  return ['rmi', '--no-prune', '--', reference];
}
