export interface ElfHeader {
  readonly bits: 32 | 64;
  readonly order: 'little' | 'big';
  /** `e_machine` of the ELF gABI. */
  readonly machine: number;
}

/** Bytes of a file that `parseElfHeader` wants. */
export const elfHeaderSize = 20;

/** What an ELF file is for; `undefined` when `start`, the file's first bytes, are not of one (ELF gABI, chapter 2). */
export function parseElfHeader(start: Uint8Array): ElfHeader | undefined {
  if (start.length < elfHeaderSize) return undefined;
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  if (view.getUint32(0) !== 0x7f454c46) return undefined;
  const order = view.getUint8(5) === 2 ? 'big' : 'little';
  return {
    bits: view.getUint8(4) === 1 ? 32 : 64,
    order,
    machine: view.getUint16(18, order === 'little'),
  };
}
