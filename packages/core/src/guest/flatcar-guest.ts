import type { Arch } from '../names/arch.ts';
import { type FetchFiles, type FlatcarChoice, flatcarFile, flatcarRelease } from './flatcar-release.ts';
import type { DiskGuest } from './guest.ts';

const files = ['image.img', 'efi_code.qcow2', 'efi_vars.qcow2'].map(
  (name) => `flatcar_production_qemu_uefi_${name}`,
);

/** Flatcar's own image for QEMU and the firmware that goes with it, fetched once and proved each time. */
export async function flatcarGuest(
  choice: FlatcarChoice,
  arch: Arch,
  fetch: FetchFiles,
): Promise<{ readonly guest: DiskGuest; readonly version: string }> {
  const release = await flatcarRelease(choice, arch, fetch);
  const fetched = await fetch(
    files.map((name) => flatcarFile(name, release)),
    arch,
  );
  const [disk = '', code = '', variables = ''] = fetched.map(({ path }) => path);
  return {
    guest: { disk, format: 'qcow2', firmware: { code, variables } },
    version: release.version,
  };
}
