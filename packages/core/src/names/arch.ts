import { z } from 'zod';

/** CPU architectures by the names systemd uses in `%a` and `ARCHITECTURE=`. */
export const Arch = z.enum(['x86-64', 'arm64']);
export type Arch = z.infer<typeof Arch>;

export const allArches: readonly Arch[] = Arch.options;

/** `e_machine` of an ELF header (ELF gABI, chapter "ELF header"). */
export const elfMachine: Readonly<Record<Arch, number>> = { 'x86-64': 62, arm64: 183 };
