import { readFile } from 'node:fs/promises';
import { UserError } from '@bakery/core/diagnostics.ts';
import type { Ring } from '@bakery/core/signing.ts';

export async function readRing(place: string): Promise<Ring> {
  try {
    return { bytes: new Uint8Array(await readFile(place)), place };
  } catch (cause) {
    throw new UserError('signing.ring', `${place}: expected the public keys, found no such file`, { cause });
  }
}
