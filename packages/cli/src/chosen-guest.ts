import { resolve } from 'node:path';
import type { Bakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import {
  type Channel,
  channelOf,
  debianGuest,
  type DiskBoot,
  type DiskGuest,
  type Firmware,
  type FlatcarChoice,
  flatcarGuest,
  type GuestArch,
  type KernelBoot,
  machines,
  type Suite,
  suites,
} from '@bakery/core/guest.ts';
import { whatStandsAt } from '@bakery/core/lifetime.ts';
import { diskFormat } from '@bakery/core/os-image.ts';
import { toolsFor } from '@bakery/core/tools.ts';

/** What a user says of the system to boot. */
export interface GuestOptions {
  readonly os: string;
  readonly arch: GuestArch;
  readonly channel?: Channel;
  readonly release?: string;
  readonly keys?: string;
  readonly firmware?: string;
  readonly butane?: string;
  readonly ssh?: string;
}

/** What `options` mean, before anything is fetched or made. */
export type PlannedGuest =
  | { readonly suite: Suite }
  | { readonly flatcar: FlatcarChoice }
  | { readonly disk: DiskGuest };

type Chosen = Pick<KernelBoot, 'guest'> | { readonly disk: DiskBoot['guest'] };

interface ChoiceContext {
  readonly bakery: Bakery;
  readonly offline: boolean;
}

/** Debian, Flatcar or an image of the user’s. UserError where an option does not fit, or a file is not there. */
export async function plannedGuest(options: GuestOptions, cwd: string): Promise<PlannedGuest> {
  requireFitting(options);
  const { os, channel = 'stable', release, keys } = options;
  const suite = suiteOf(os);
  if (suite !== undefined) return { suite };
  if (os !== 'flatcar') return { disk: await ownDisk(options, cwd) };
  const own = keys === undefined ? {} : { keys };
  if (release === undefined) return { flatcar: { channel, ...own } };
  return { flatcar: { channel: channelOf(release), release, ...own } };
}

/** Fetches or makes it. */
export async function chosenGuest(
  planned: PlannedGuest,
  arch: GuestArch,
  context: ChoiceContext,
): Promise<Chosen> {
  if ('suite' in planned) return { guest: await debian(planned.suite, arch, context) };
  if ('flatcar' in planned) return { disk: await flatcar(planned.flatcar, arch, context.bakery) };
  return planned;
}

function suiteOf(os: string): Suite | undefined {
  return suites.find((one) => os === `debian:${one}`) ?? (os === 'debian' ? 'trixie' : undefined);
}

/** UserError where an option goes with another system. */
function requireFitting(options: GuestOptions): void {
  const suite = suiteOf(options.os);
  const isFlatcar = options.os === 'flatcar';
  const misplaced = [
    ...(isFlatcar ? [] : (['channel', 'release', 'keys'] as const)),
    ...(isFlatcar || suite !== undefined ? (['firmware'] as const) : []),
    ...(suite === undefined ? [] : (['butane'] as const)),
  ].find((name) => options[name] !== undefined);
  if (misplaced === undefined) return;
  throw new UserError(
    'input.invalid',
    `--${misplaced}: expected ${fitting[misplaced]}, got --os ${options.os}`,
  );
}

const fitting = {
  channel: 'Flatcar',
  release: 'Flatcar',
  keys: 'Flatcar',
  firmware: 'the path of an OS image',
  butane: 'Flatcar or the path of an OS image, which read Ignition',
} as const;

async function debian(suite: Suite, arch: GuestArch, { bakery, offline }: ChoiceContext) {
  await bakery.requireTools(toolsFor('guests'));
  const { ports, cacheFolder } = bakery;
  return debianGuest(suite, arch, machines[arch], { ...ports, cacheFolder, offline });
}

async function flatcar(choice: FlatcarChoice, arch: GuestArch, bakery: Bakery): Promise<DiskGuest> {
  await bakery.requireTools(toolsFor('signatures'));
  try {
    const { guest, version } = await flatcarGuest(choice, arch, bakery.fetchFiles);
    bakery.ports.report.info(`Flatcar ${version} for ${arch}, signature verified`);
    return guest;
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'fetch.unreachable') throw error;
    throw new UserError(error.code, error.message, {
      hint: '--os debian boots a system that comes from a mirror of Debian packages instead',
      cause: error,
    });
  }
}

async function ownDisk({ os, arch, firmware }: GuestOptions, cwd: string): Promise<DiskGuest> {
  const disk = resolve(cwd, os);
  if ((await whatStandsAt(disk)) === 'none') {
    throw new UserError(
      'input.invalid',
      `--os: expected flatcar, debian, ${suites.map((suite) => `debian:${suite}`).join(', ')} or an OS image, found no file ${os}`,
    );
  }
  const chosen = await readFirmware(firmware, arch, cwd);
  return { disk, format: await diskFormat(disk, os), ...(chosen === undefined ? {} : { firmware: chosen }) };
}

async function readFirmware(
  file: string | undefined,
  arch: GuestArch,
  cwd: string,
): Promise<Firmware | undefined> {
  if (file === undefined) {
    if (arch === 'x86-64') return undefined;
    throw new UserError('input.invalid', `--os: expected --firmware with an image for ${arch}, got none`, {
      hint: 'Debian has one in qemu-efi-aarch64: /usr/share/qemu-efi-aarch64/QEMU_EFI.fd',
    });
  }
  const bios = resolve(cwd, file);
  const found = await whatStandsAt(bios);
  if (found === 'a file') return { bios };
  throw new UserError('input.invalid', `--firmware: expected a file, found ${found} at ${file}`);
}
