import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { error, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { allArches, type Arch, archNames } from '../../names/arch.ts';
import { type ElfHeader, elfHeaderSize, parseElfHeader } from './elf-header.ts';
import type { Entries } from './entries.ts';

const bpf = 247; // EM_BPF: programs for the kernel's own machine, the same on every CPU

// Others people have files for.
const machineNames: Readonly<Record<number, string>> = {
  2: 'sparc',
  3: 'i386',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm (32 bit)',
  243: 'riscv (32 bit)',
  258: 'loongarch',
};

/** Programs and libraries that cannot run on `arch`. */
export function checkElf({ root, all }: Entries, { arch }: { readonly arch: Arch }): Diagnostic[] {
  return all.flatMap(({ path, kind }) => {
    const header = kind === 'file' ? parseElfHeader(firstBytes(join(root, path))) : undefined;
    if (header === undefined || header.machine === bpf || fits(header, arch)) return [];
    return [
      error('tree.wrong-arch', path, `expected an ELF file for ${arch}, got one for ${showHeader(header)}`),
    ];
  });
}

function fits({ bits, order, machine }: ElfHeader, arch: Arch): boolean {
  return bits === 64 && order === 'little' && machine === archNames(arch).elf;
}

function showHeader({ bits, order, machine }: ElfHeader): string {
  const ours = allArches.find((arch) => archNames(arch).elf === machine);
  return `${ours ?? machineNames[machine] ?? `machine ${machine}`} (${bits} bit, ${order}-endian)`;
}

function firstBytes(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const start = new Uint8Array(elfHeaderSize);
    return start.subarray(0, readSync(file, start));
  } finally {
    closeSync(file);
  }
}
