import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allArches, type Arch, archNames } from '../names/arch.ts';

const registered = '/proc/sys/fs/binfmt_misc';

/** Architectures whose programs the kernel hands to an emulator that also works where other files are (flag F). */
export async function emulatedArches(folder = registered): Promise<readonly Arch[]> {
  const names = await readdir(folder).catch(() => []);
  const entries = await Promise.all(
    names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')),
  );
  const magics = entries
    .filter((text) => /^enabled$/m.test(text) && /^flags:.*F/m.test(text))
    .map((text) => /^magic ([0-9a-f]+)$/m.exec(text)?.[1] ?? '');
  return allArches.filter((arch) => magics.some((magic) => machineIn(magic) === archNames(arch).elf));
}

/** `e_machine` of an ELF header, which is at byte 18. */
function machineIn(magic: string): number {
  const bytes = Buffer.from(magic, 'hex');
  return bytes.length >= 20 && bytes.readUInt32BE(0) === 0x7f454c46 ? bytes.readUInt16LE(18) : 0;
}
