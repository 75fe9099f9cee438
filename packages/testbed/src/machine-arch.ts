import type { Arch } from '@bakery/core/src/names/arch.ts';

/** The architecture tests run on. */
export const machineArch: Arch = process.arch === 'arm64' ? 'arm64' : 'x86-64';
