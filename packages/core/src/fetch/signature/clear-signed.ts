import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openGpg } from './gpg.ts';
import { OpenpgpKeys, Signer } from './openpgp-keys.ts';
import { requireSigner } from './openpgp-signer.ts';
import type { SignatureContext, SignatureProof, Signed } from './signature-context.ts';

export const ClearSignedSignature = z
  .strictObject({ 'clear-signed': z.literal('sums'), keys: OpenpgpKeys, signer: Signer.optional() })
  .describe('The file of sums carries its OpenPGP signature in itself.');
export type ClearSignedSignature = z.infer<typeof ClearSignedSignature>;

/**
 * Has gpg check a text with its signature around it. `text` is what gpg found signed, without whatever stands
 * before, after or between.
 */
export async function proveClearSigned(
  signature: ClearSignedSignature,
  signed: Signed,
  context: SignatureContext,
): Promise<{ readonly proof: SignatureProof; readonly text: string }> {
  const gpg = await openGpg(signature, context);
  const file = join(context.scratch, 'signed-text');
  const found = await gpg.extract(signed.path, file);
  const source = signed.address;
  const signs = signature['clear-signed'];
  const by = requireSigner(found, { wanted: signature, keys: gpg.keys, source, signed, signs, context });
  const text = await readFile(file, 'utf8');
  return { proof: { kind: 'clear-signed', signs, by, source }, text };
}
