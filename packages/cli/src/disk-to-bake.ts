import type { Bakery } from '@bakery/core/bakery.ts';
import { UserError } from '@bakery/core/diagnostics.ts';
import { channelOf, channels, type FlatcarChoice, type GuestArch } from '@bakery/core/guest.ts';
import { type BakeOs, compressionOf, diskFormat, flatcarImage, type Vendor } from '@bakery/core/os-image.ts';
import { toolsFor } from '@bakery/core/tools.ts';

export interface FlatcarOptions {
  /** A version, or a channel. */
  readonly release?: string;
  readonly vendor?: Vendor;
  readonly keys?: string;
}

export interface ChosenFlatcar {
  readonly vendor: Vendor;
  readonly choice: FlatcarChoice;
}

/** `undefined` for a disk of the user’s. */
export function chosenFlatcar(osImage: string, options: FlatcarOptions): ChosenFlatcar | undefined {
  const { release = 'stable', vendor = 'generic', keys } = options;
  if (osImage === 'flatcar') {
    const channel = channels.find((one) => one === release);
    const own = keys === undefined ? {} : { keys };
    if (channel !== undefined) return { vendor, choice: { channel, ...own } };
    return { vendor, choice: { channel: channelOf(release), release, ...own } };
  }
  const misplaced = (['release', 'vendor', 'keys'] as const).find((name) => options[name] !== undefined);
  if (misplaced === undefined) return undefined;
  throw new UserError('input.invalid', `--${misplaced}: expected flatcar for the OS image, got ${osImage}`);
}

export async function flatcarDisk(
  { vendor, choice }: ChosenFlatcar,
  arch: GuestArch,
  bakery: Bakery,
): Promise<Disk> {
  const compression = compressionOf(vendor);
  const unpacking = compression === 'bz2' ? (['bzip2 archives'] as const) : [];
  await bakery.requireTools(toolsFor('signatures', ...unpacking));
  const { path: image, version } = await flatcarImage(vendor, choice, arch, bakery.fetchFiles);
  bakery.ports.report.info(`Flatcar ${version} for ${arch}, signature verified`);
  const format = compression === 'none' ? await diskFormat(image, image) : 'raw';
  return { image, compression, format };
}

type Disk = Pick<BakeOs, 'image' | 'compression' | 'format'>;

export async function ownDisk(image: string, shown: string): Promise<Disk> {
  return { image, format: await diskFormat(image, shown) };
}
