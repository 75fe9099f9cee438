import { pipeline, type Readable, Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { UserError } from '../diagnostics/user-error.ts';
import type { Exec } from '../ports/exec.ts';
import type { Job } from '../tools/known-tools.ts';

export type Compression = 'none' | 'gz' | 'xz' | 'bz2' | 'zst';

/** What must be installed to unpack it. */
export const toolsOfCompression: Readonly<Record<Compression, readonly Job[]>> = {
  none: [],
  gz: [],
  xz: ['xz archives'],
  bz2: ['bzip2 archives'],
  zst: [],
};

// Bytes per piece. Large pieces keep the cost of handing them between threads small: 1 MiB doubles the
// throughput of zlib's default of 16 KiB.
const chunkSize = 1024 * 1024;

/** Unpacked bytes of a compressed stream; fails once there are more than `limit` of them. */
export function decompress(
  source: Readable,
  compression: Compression,
  limit: number,
  { exec }: { readonly exec: Exec },
): Readable {
  return joined(decompressors[compression](source, exec), byteLimit(limit));
}

type Decompressor = (source: Readable, exec: Exec) => Readable;

const decompressors: Readonly<Record<Compression, Decompressor>> = {
  none: (source) => source,
  gz: (source) => joined(source, createGunzip({ chunkSize })),
  zst: (source) => joined(source, createZstdDecompress({ chunkSize })),
  xz: (source, exec) => exec.filter('xz', xzArguments, source),
  bz2: (source, exec) => exec.filter('bzip2', ['--decompress', '--stdout'], source),
};

// A header may ask for a dictionary of 4 GiB; the largest preset needs 65 MiB.
const xzArguments = ['--decompress', '--stdout', '--threads=0', '--memlimit-decompress=1GiB'];

function byteLimit(limit: number): Transform {
  let seen = 0;
  return new Transform({
    highWaterMark: chunkSize,
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen <= limit) return done(null, chunk);
      return done(
        new UserError('archive.too-large', `expected at most ${limit} bytes when unpacked, got more`),
      );
    },
  });
}

/** Pipes, and lets a failure or an early end of either side end the other. */
function joined(source: Readable, transform: Transform): Readable {
  // The reader of `transform` gets the failure; there is nobody else to tell.
  pipeline(source, transform, () => {});
  return transform;
}
