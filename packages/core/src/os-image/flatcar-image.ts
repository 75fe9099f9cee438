import {
  type FlatcarChoice,
  type FetchFiles,
  flatcarFile,
  flatcarRelease,
} from '../guest/flatcar-release.ts';
import type { Arch } from '../names/arch.ts';
import type { Compression } from '../stage/compression.ts';

/** Whom Flatcar has images for that are a whole disk, raw or qcow2, and what their files are called. */
const files = {
  generic: 'flatcar_production_image.bin.bz2',
  akamai: 'flatcar_production_akamai_image.bin.gz',
  digitalocean: 'flatcar_production_digitalocean_image.bin.bz2',
  hetzner: 'flatcar_production_hetzner_image.bin.bz2',
  kubevirt: 'flatcar_production_kubevirt_image.qcow2',
  openstack: 'flatcar_production_openstack_image.img',
  proxmoxve: 'flatcar_production_proxmoxve_image.img',
  qemu: 'flatcar_production_qemu_uefi_image.img',
  scaleway: 'flatcar_production_scaleway_image.qcow2',
} as const;

export type Vendor = keyof typeof files;
export const vendors = Object.keys(files).filter((name): name is Vendor => name in files);

const compressions: readonly Compression[] = ['bz2', 'gz'];

/** What the disk is called once it is unpacked. */
export function diskNameOf(vendor: Vendor): string {
  return files[vendor].replace(/\.(bz2|gz)$/, '');
}

/** How it comes. */
export function compressionOf(vendor: Vendor): Compression {
  return compressions.find((one) => files[vendor].endsWith(`.${one}`)) ?? 'none';
}

/** Flatcar’s image for a vendor, fetched once and proved each time. */
export async function flatcarImage(
  vendor: Vendor,
  choice: FlatcarChoice,
  arch: Arch,
  fetch: FetchFiles,
): Promise<{ readonly path: string; readonly version: string }> {
  const release = await flatcarRelease(choice, arch, fetch);
  const [image] = await fetch([flatcarFile(files[vendor], release)], arch);
  return { path: image?.path ?? '', version: release.version };
}
