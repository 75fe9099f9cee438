import { UserError } from '@bakery/core/diagnostics.ts';
import { readNamed } from '@bakery/core/lifetime.ts';
import type { Ring } from '@bakery/core/signing.ts';

export async function readRing(place: string): Promise<Ring> {
  const bytes = await readNamed(
    place,
    (found) => new UserError('signing.ring', `${place}: expected the public keys, found ${found}`),
  );
  return { bytes: new Uint8Array(bytes), place };
}
