import { resolve } from 'node:path';
import { z } from 'zod';
import type { KeyIssue } from '../../diagnostics/diagnostic.ts';
import { UserError } from '../../diagnostics/user-error.ts';
import { renderAddress } from '../../language/address.ts';
import { RecipePath } from '../../language/image-paths.ts';
import { templatedAsWritten } from '../../language/slots.ts';
import { readPlain } from '../../lifetime/read-plain.ts';
import type { SignatureContext } from './signature-context.ts';
import type { NamedFile } from './signature-kind.ts';

const HttpsAddress = z.string().regex(/^https:\/\/[a-z0-9.-]+(?::\d+)?\//);

/** Where keys come from. */
export const OpenpgpKeys = z
  .union([RecipePath, templatedAsWritten(HttpsAddress, 'proof', renderAddress)], {
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
  .transform((signer) => (typeof signer === 'string' ? [signer] : signer))
  .describe('Full fingerprint of the key that must have signed, or a list; of the primary key or a subkey.');
export type Signer = z.infer<typeof Signer>;

export interface WantedKeys {
  /** A path, or an address. */
  readonly keys: string;
  /** The fingerprints that count; without any, every key of the file counts. */
  readonly signer?: Signer | undefined;
}

/** Is it an address rather than a file? */
export function isAddress(keys: string): boolean {
  return /^https?:\/\//.test(keys);
}

/** The file of the recipe that `keys` names, unless it is an address. */
export function keyFile({ keys }: { readonly keys: string }): readonly NamedFile[] {
  return isAddress(keys) ? [] : [{ key: 'keys', file: keys }];
}

/** Keys from an address prove nothing by themselves: the fingerprint in the recipe does. */
export function keysProblem({ keys, signer }: WantedKeys): KeyIssue | undefined {
  if (!isAddress(keys) || signer !== undefined) return undefined;
  const message = 'expected the fingerprint of the key that counts: keys come from an address, got none';
  return { path: ['signer'], message };
}

/** The same with the absolute path of the key file. */
export function withKeyFile<W extends WantedKeys>(wanted: W, { recipeFolder }: SignatureContext): W {
  return isAddress(wanted.keys) ? wanted : { ...wanted, keys: resolve(recipeFolder, wanted.keys) };
}

const maxBytes = 16 * 1024 ** 2; // the keys of a whole distribution take 1 MB

/** The bytes of the key file. */
export async function readKeys(
  { keys }: WantedKeys,
  { url, documents }: SignatureContext,
): Promise<Uint8Array> {
  const found = await (isAddress(keys) ? documents.bytes(keys) : readPlain(keys, { maxBytes }));
  if (found !== undefined) return found;
  throw new UserError(
    'fetch.keys',
    `${url}: expected the keys of its signature at ${keys}, got no such file`,
  );
}
