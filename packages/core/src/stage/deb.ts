import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import { own } from '../language/own.ts';
import { archiveKind } from './archive-kind.ts';
import { type Compression, decompress } from './compression.ts';
import { tarMembers, tarOverhead } from './tar.ts';

const magic = '!<arch>\n';
const headerSize = 60; // bytes: name 16, mtime 12, uid 6, gid 6, mode 8, size 10, end mark 2 (ar(5))
const readSize = 1024 * 1024; // bytes
const maxParts = 16; // a .deb has three; deb(5) lets others follow

const compressions: Readonly<Record<string, Compression>> = {
  'data.tar': 'none',
  'data.tar.gz': 'gz',
  'data.tar.xz': 'xz',
  'data.tar.bz2': 'bz2',
  'data.tar.zst': 'zst',
};

export const deb = archiveKind({
  format: 'deb',
  endings: ['.deb'],
  tools: ['deb packages'],
  async *members(path, limit, context) {
    const { start, end, compression } = await findDebData(path);
    const data = createReadStream(path, { start, end, highWaterMark: readSize });
    yield* tarMembers(decompress(data, compression, limit + tarOverhead, context));
  },
});

/** Where the files of a Debian package lie in it, as offsets in bytes; `end` is the last byte. */
export interface DebData {
  readonly start: number;
  readonly end: number;
  readonly compression: Compression;
}

export async function findDebData(path: string): Promise<DebData> {
  await using file = await open(path);
  if ((await readAt(file, 0, magic.length)).toString('latin1') !== magic) {
    throw new UserError('archive.damaged', 'expected a Debian package (an ar archive), got something else');
  }
  const names: string[] = [];
  let offset = magic.length;
  while (names.length < maxParts) {
    const header = await readAt(file, offset, headerSize);
    if (header.length < headerSize) break;
    const { name, size } = parseArHeader(header);
    names.push(name);
    const start = offset + headerSize;
    const compression = own(compressions, name);
    if (compression !== undefined) return { start, end: start + size - 1, compression };
    offset = start + size + (size % 2);
  }
  const wanted = Object.keys(compressions).join(', ');
  throw new UserError(
    'archive.damaged',
    `expected one of ${wanted} in the package, got ${names.join(', ') || 'nothing'}`,
  );
}

export function parseArHeader(header: Buffer): { readonly name: string; readonly size: number } {
  const text = header.toString('latin1');
  const digits = text.slice(48, 58).trim();
  if (!text.endsWith('`\n') || !/^\d+$/.test(digits)) {
    throw new UserError(
      'archive.damaged',
      `expected the header of an ar member, got ${JSON.stringify(text)}`,
    );
  }
  // GNU ar ends a name with "/", BSD and dpkg with spaces only.
  return { name: text.slice(0, 16).trimEnd().replace(/\/$/, ''), size: Number(digits) };
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
