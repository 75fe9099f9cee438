/** A system that boots: paths of its files. Nobody writes to them. */
export type Guest = KernelGuest | DiskGuest;

/** One whose kernel QEMU starts itself, and which is told what to do by the kernel's command line. */
export interface KernelGuest {
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
}

/** One that boots as on hardware, and reads Ignition. */
export interface DiskGuest {
  readonly disk: string;
  readonly format: 'raw' | 'qcow2';
  /** What starts it; absent where QEMU's own BIOS does. */
  readonly firmware?: Firmware;
}

export type Firmware =
  /** Code and variables as qcow2, as Flatcar ships them. */
  | { readonly code: string; readonly variables: string }
  /** One file that holds both. */
  | { readonly bios: string };
