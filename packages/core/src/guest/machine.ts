import type { Program } from '../tools/known-tools.ts';

/** How QEMU makes a machine of one architecture, and what Debian calls its kernel. */
export interface Machine {
  readonly qemu: Program;
  readonly arguments: readonly string[];
  /** As the kernel calls the first serial line. */
  readonly console: string;
  /** Debian package of a small kernel. */
  readonly kernel: string;
}

export const machines = {
  'x86-64': {
    qemu: 'qemu-system-x86_64',
    arguments: [],
    console: 'ttyS0',
    kernel: 'linux-image-cloud-amd64',
  },
  arm64: {
    qemu: 'qemu-system-aarch64',
    arguments: ['-machine', 'virt'],
    console: 'ttyAMA0',
    kernel: 'linux-image-cloud-arm64',
  },
} as const satisfies Readonly<Record<string, Machine>>;

/** What there are machines for. */
export const guestArches = ['x86-64', 'arm64'] as const;
export type GuestArch = (typeof guestArches)[number];
