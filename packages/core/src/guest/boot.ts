import { copyFile, mkdir, open, readFile, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../diagnostics/user-error.ts';
import type { ImageContext } from '../image/format.ts';
import { packImage } from '../image/pack.ts';
import { inFile } from '../lifetime/file-errors.ts';
import { scratchFolder } from '../lifetime/scratch.ts';
import { commandFiles, exitCodeOf, shellFiles, type GuestFile } from './guest-files.ts';
import type { DiskGuest, KernelGuest } from './guest.ts';
import { hasKvm } from './kvm.ts';
import type { Machine } from './machine.ts';
import { type BootedSystem, type Forward, type Hardware, qemuArgs } from './qemu-args.ts';

export interface BootRequest {
  readonly system: KernelBoot | DiskBoot;
  readonly machine: Machine;
  /** MiB */
  readonly memory: number;
  readonly forwards: readonly Forward[];
  /** No packet leaves the machine but what its `forwards` ask for. */
  readonly isCutOff?: boolean;
  /** Run by bash as root once everything is up; absent where a person gets a shell. */
  readonly command?: string;
  /** The machine is ended after these, with a UserError; absent where it may run for ever. */
  readonly mostSeconds?: number;
  /** Called with what the command prints. */
  readonly onOutput: (piece: Buffer) => void;
}

export interface KernelBoot {
  readonly guest: KernelGuest;
  readonly extensions: readonly { readonly name: string; readonly path: string }[];
  /** Public key that may log in. */
  readonly authorizedKey?: string | undefined;
}

export interface DiskBoot {
  readonly guest: DiskGuest;
  /** The text of an Ignition configuration, which brings the extensions. */
  readonly ignition: string;
}

export interface BootContext extends ImageContext {
  /** Folder for the disk with the extensions. */
  readonly scratch: string;
}

/** What a boot may take; an emulated machine needs one minute where nothing else runs. */
export const bootSeconds = 900;
const lookMs = 200; // between two looks for more output
const pieceSize = 64 * 1024; // bytes

/**
 * Boots a guest with extensions merged, as they would be early at each boot of a host, and resolves to the exit code of
 * the command, or of QEMU. Neither the images nor the guest’s disk are written to.
 */
export async function boot(request: BootRequest, context: BootContext): Promise<number> {
  const { machine, memory, forwards, isCutOff = false, command } = request;
  await using scratch = await scratchFolder(context.scratch);
  const isEmulated = !(await hasKvm(request, scratch.path, context));
  if (isEmulated)
    context.report.info('KVM is not available: the machine is emulated, about ten times slower');
  const hardware: Hardware = {
    machine,
    system: await systemOf(request, scratch.path, context),
    isEmulated,
    memory,
    processors: Math.min(4, availableParallelism()),
    forwards,
    isCutOff,
  };
  if (command !== undefined) return await runCommand(hardware, request, scratch.path, context);
  const { code } = await context.exec.run(machine.qemu, qemuArgs(hardware), { hasTerminal: true });
  return code;
}

async function systemOf(
  { system, machine, command }: BootRequest,
  folder: string,
  context: BootContext,
): Promise<BootedSystem> {
  if ('extensions' in system) {
    const { guest, extensions, authorizedKey } = system;
    const files =
      command === undefined
        ? shellFiles(machine.console, authorizedKey)
        : commandFiles(command, authorizedKey);
    return { ...guest, extensions: await makeDisk(extensions, files, folder, context) };
  }
  const ignition = join(folder, 'ignition.json');
  await writeFile(ignition, system.ignition);
  return { ...system.guest, ignition };
}

async function makeDisk(
  extensions: KernelBoot['extensions'],
  files: readonly GuestFile[],
  folder: string,
  context: BootContext,
): Promise<string> {
  const root = join(folder, 'disk');
  await mkdir(join(root, 'extensions'), { recursive: true });
  let size = 0;
  for (const { name, path } of extensions) {
    await inFile(path, copyFile(path, join(root, 'extensions', `${name}.raw`)));
    size += (await stat(path)).size;
  }
  for (const file of files) await writeInto(root, file);
  const extSize = (Math.ceil((size * 1.02) / 2 ** 20) + 16) * 2 ** 20; // room for tables of blocks and inodes
  const output = join(folder, 'extensions.img');
  await packImage({ root, output, format: 'ext4', name: 'bakery', epoch: 0, extSize }, context);
  return output;
}

async function writeInto(root: string, { path, text }: GuestFile): Promise<void> {
  const place = join(root, path);
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, text);
}

async function runCommand(
  hardware: Hardware,
  { machine, onOutput, mostSeconds }: BootRequest,
  folder: string,
  { exec, report }: BootContext,
): Promise<number> {
  const at = (name: string): string => join(folder, name);
  const files = { output: at('output'), result: at('result'), console: at('console') };
  for (const file of Object.values(files)) await writeFile(file, '');
  const running = exec.run(machine.qemu, qemuArgs({ ...hardware, command: files }), {
    isApart: true,
    ...(mostSeconds === undefined ? {} : { mostSeconds }),
  });
  const [{ stderr }] = await Promise.all([running, follow(files.output, running, onOutput)]);
  const said = stderr.trim();
  const code = exitCodeOf(await readFile(files.result, 'utf8'));
  if (code === undefined) throw endedEarly(said || (await readFile(files.console, 'utf8')));
  if (said !== '') report.warn(said);
  return code;
}

/** Hands on what is appended to a file while something is running. */
async function follow(
  path: string,
  running: Promise<unknown>,
  onOutput: (piece: Buffer) => void,
): Promise<void> {
  await using file = await open(path);
  let isRunning = true;
  const ended = running.catch(() => undefined).then(() => (isRunning = false));
  for (let at = 0, isLast = false; !isLast;) {
    isLast = !isRunning;
    for (;;) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(pieceSize), 0, pieceSize, at);
      if (bytesRead === 0) break;
      onOutput(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    if (!isLast) await Promise.race([sleep(lookMs), ended]);
  }
}

function endedEarly(said: string): UserError {
  const lines = said.trim().split('\n').slice(-15).join('\n  ');
  return new UserError(
    'guest.failed',
    `expected the machine to run the command, it ended before:\n  ${lines}`,
  );
}
