import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { finished } from 'node:stream/promises';

export const hashAlgorithms = ['sha256', 'sha384', 'sha512'] as const;
export type HashAlgorithm = (typeof hashAlgorithms)[number];

/** What the bytes must be, and who says so (an address, for people). */
export interface Expected {
  readonly algorithm: HashAlgorithm;
  /** Lower case. */
  readonly hex: string;
  readonly source: string;
}

/** The algorithm that has this many hexadecimal digits. */
export function algorithmOf(hex: string): HashAlgorithm | undefined {
  return ({ 64: 'sha256', 96: 'sha384', 128: 'sha512' } as const)[hex.length];
}

/** Hexadecimal hash of text or bytes. */
export function hashOf(data: string | Uint8Array, algorithm: HashAlgorithm = 'sha256'): string {
  return createHash(algorithm).update(data).digest('hex');
}

/** Hashes that grow together. */
export interface Hashing {
  update(bytes: Uint8Array): void;
  hex(): Hashes;
}

export type Hashes = Readonly<Partial<Record<HashAlgorithm, string>> & { sha256: string }>;

/** sha256, which names files in the cache, and one more when a recipe's proof needs it. */
export function hashing(also: HashAlgorithm = 'sha256'): Hashing {
  const sha256 = createHash('sha256');
  const other = also === 'sha256' ? undefined : createHash(also);
  return {
    update: (bytes) => {
      sha256.update(bytes);
      other?.update(bytes);
    },
    hex: () => ({
      sha256: sha256.copy().digest('hex'),
      ...(other === undefined ? {} : { [also]: other.copy().digest('hex') }),
    }),
  };
}

/** Feeds a file's first `size` bytes (all of them by default). */
export async function feedFile(path: string, into: Hashing, size = Infinity): Promise<void> {
  if (size === 0) return;
  const bytes = createReadStream(path, { end: size - 1, highWaterMark: 1024 * 1024 });
  bytes.on('data', (chunk) => into.update(Buffer.from(chunk)));
  await finished(bytes);
}
