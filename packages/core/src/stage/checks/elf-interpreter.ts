import { closeSync, openSync, readSync } from 'node:fs';
import { parseElfHeader } from './elf-header.ts';

const headerSize = 64; // bytes of an Elf64_Ehdr
const interpreterSegment = 3; // PT_INTERP
const longestPath = 4096; // PATH_MAX
const mostSegments = 64;

/** The loader a 64 bit program asks for; `undefined` for a static one, and for what is no such program. */
export function elfInterpreter(path: string): string | undefined {
  const file = openSync(path, 'r');
  try {
    const head = bytesAt(file, 0, headerSize);
    const header = parseElfHeader(head);
    if (header === undefined || header.bits !== 64 || header.order !== 'little') return undefined;
    if (head.length < headerSize) return undefined;
    const size = head.readUInt16LE(54);
    const count = Math.min(head.readUInt16LE(56), mostSegments);
    if (size < 56) return undefined;
    const segments = bytesAt(file, Number(head.readBigUInt64LE(32)), size * count);
    for (let at = 0; at + 56 <= segments.length; at += size) {
      if (segments.readUInt32LE(at) !== interpreterSegment) continue;
      const length = Math.min(Number(segments.readBigUInt64LE(at + 32)), longestPath);
      const text = bytesAt(file, Number(segments.readBigUInt64LE(at + 8)), length).toString('latin1');
      return text.replace(/\0.*$/s, '');
    }
    return undefined;
  } finally {
    closeSync(file);
  }
}

function bytesAt(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return Number.isSafeInteger(at) ? bytes.subarray(0, readSync(file, bytes, 0, length, at)) : Buffer.alloc(0);
}
