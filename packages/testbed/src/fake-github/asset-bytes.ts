import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { AssetBytes } from './state.ts';

/** What needs no disk: everything but uploads. */
export type InstantBytes = Exclude<AssetBytes, { readonly kind: 'file' }>;

/** The content of an asset. */
export async function readBytes(bytes: AssetBytes): Promise<Buffer> {
  return bytes.kind === 'file' ? readFile(bytes.path) : instantBytes(bytes);
}

/** Content that is made when asked for. */
export function instantBytes(bytes: InstantBytes): Buffer {
  if (bytes.kind === 'seeded') {
    // Different for every seed and the same on every machine.
    return Buffer.alloc(bytes.size, `${bytes.seed}\n`);
  }
  return Buffer.from(bytes.kind === 'text' ? bytes.text : '');
}

/** Lower-case hex. */
export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
