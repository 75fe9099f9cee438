import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { inFile } from '../lifetime/file-errors.ts';
import type { Exec } from '../ports/exec.ts';
import { type Compression, decompress } from '../stage/compression.ts';

const largestDisk = 128 * 1024 ** 3; // bytes; Flatcar’s are under 10 GiB
const zeros = Buffer.alloc(1024 * 1024);

/** Unpacks a disk. What is zero stays a hole in the file: most of a disk is. */
export async function unpackDisk(
  from: string,
  compression: Compression,
  to: string,
  { exec }: { readonly exec: Exec },
): Promise<void> {
  await using disk = await open(to, 'w');
  let size = 0;
  for await (const piece of decompress(createReadStream(from), compression, largestDisk, { exec })) {
    const bytes: Buffer = piece;
    if (!isZero(bytes)) await inFile(to, disk.write(bytes, 0, bytes.length, size));
    size += bytes.length;
  }
  await inFile(to, disk.truncate(size));
}

function isZero(bytes: Buffer): boolean {
  return bytes.length <= zeros.length && bytes.equals(zeros.subarray(0, bytes.length));
}
