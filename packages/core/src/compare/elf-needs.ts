import { type FileHandle, open } from 'node:fs/promises';

const headerSize = 64; // bytes of an ELF64 header
const programHeaderSize = 56;
const dynamicEntrySize = 16;
const mostDynamic = 1 << 20; // bytes; real ones have a few kilobytes
const mostName = 4096; // bytes, as paths have

/** Kinds of program headers and of dynamic entries (ELF gABI, chapter 5). */
const [ptLoad, ptDynamic] = [1, 2];
const [dtNeeded, dtStrtab] = [1, 5];

interface Segment {
  readonly kind: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/**
 * The libraries that a program or library asks for by itself (DT_NEEDED), in its order. `undefined` for what is not
 * a 64-bit little-endian ELF file, which no architecture of the bakery has; nothing for a static or a damaged one.
 */
export async function elfNeeds(path: string): Promise<readonly string[] | undefined> {
  await using file = await open(path);
  const header = await read(file, 0, headerSize);
  if (header.length < headerSize || header.readUInt32BE(0) !== 0x7f454c46) return undefined;
  if (header[4] !== 2 || header[5] !== 1) return undefined;
  const segments = await segmentsOf(file, header);
  const dynamic = segments.find(({ kind }) => kind === ptDynamic);
  if (dynamic === undefined) return [];
  const table = await read(file, dynamic.offset, Math.min(dynamic.size, mostDynamic));
  const entries: { readonly tag: number; readonly value: number }[] = [];
  for (let at = 0; at + dynamicEntrySize <= table.length; at += dynamicEntrySize) {
    entries.push({ tag: Number(table.readBigInt64LE(at)), value: Number(table.readBigUInt64LE(at + 8)) });
  }
  const names = fileOffset(segments, entries.find(({ tag }) => tag === dtStrtab)?.value);
  if (names === undefined) return [];
  const needed = entries.filter(({ tag }) => tag === dtNeeded);
  return Promise.all(needed.map(({ value }) => nameAt(file, names + value)));
}

async function segmentsOf(file: FileHandle, header: Buffer): Promise<readonly Segment[]> {
  const [start, count] = [Number(header.readBigUInt64LE(32)), header.readUInt16LE(56)];
  const table = await read(file, start, count * programHeaderSize);
  return Array.from({ length: Math.floor(table.length / programHeaderSize) }, (_, index) => {
    const at = index * programHeaderSize;
    return {
      kind: table.readUInt32LE(at),
      offset: Number(table.readBigUInt64LE(at + 8)),
      address: Number(table.readBigUInt64LE(at + 16)),
      size: Number(table.readBigUInt64LE(at + 32)),
    };
  });
}

/** Where in the file an address of memory comes from. */
function fileOffset(segments: readonly Segment[], address = -1): number | undefined {
  const holder = segments.find(
    (one) => one.kind === ptLoad && address >= one.address && address < one.address + one.size,
  );
  return holder === undefined ? undefined : address - holder.address + holder.offset;
}

async function nameAt(file: FileHandle, offset: number): Promise<string> {
  const bytes = await read(file, offset, mostName);
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

/** As much as there is: what a stranger’s file says of itself need not be true. */
async function read(file: FileHandle, offset: number, size: number): Promise<Buffer> {
  if (!Number.isSafeInteger(offset + size)) return Buffer.alloc(0);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, offset);
  return buffer.subarray(0, bytesRead);
}
