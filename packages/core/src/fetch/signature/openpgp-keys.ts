import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { RecipePath } from '../../language/image-paths.ts';
import type { SignatureContext } from './signature-context.ts';

/** Where keys come from. */
export const OpenpgpKeys = z
  .union([RecipePath, z.string().regex(/^https:\/\//)], {
    error: 'expected a file in the recipe’s folder or the address of one, https://…',
  })
  .describe(
    'File of OpenPGP keys: in the recipe’s folder, or an https address; then signer says which counts.',
  );

const Fingerprint = z
  .string()
  .transform((text) => text.replaceAll(' ', '').toUpperCase())
  .pipe(z.string().regex(/^[0-9A-F]{40}$/, { error: 'expected the 40 hexadecimal digits of a fingerprint' }));

/** Keys that may have signed, as upper-case hex without spaces. */
export const Signer = z
  .union([Fingerprint, z.array(Fingerprint).min(1)], {
    error: 'expected the 40 hexadecimal digits of a fingerprint, or a list of such',
  })
  .describe('Full fingerprint of the key that must have signed, or a list; of the primary key or a subkey.');
export type Signer = z.infer<typeof Signer>;

export interface WantedKeys {
  /** Absolute path, or an address. */
  readonly keys: string;
  readonly signer?: Signer | undefined;
}

/** Is it an address rather than a file? */
export function isAddress(keys: string): boolean {
  return /^https?:\/\//.test(keys);
}

/** The fingerprints that count; `undefined` lets every key of the file count. */
export function signersOf({ signer }: WantedKeys): readonly string[] | undefined {
  return typeof signer === 'string' ? [signer] : signer;
}

/** The bytes of the key file. */
export async function readKeys(
  { keys }: WantedKeys,
  { url, documents }: SignatureContext,
): Promise<Uint8Array> {
  if (!isAddress(keys)) return readFile(keys);
  const found = await documents.bytes(keys);
  if (found !== undefined) return found;
  throw new UserError(`${url}: expected the keys of its signature at ${keys}, got no such file`);
}
