import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openGpg } from './gpg.ts';
import { keyFile, keysProblem, OpenpgpKeys, Signer, type WantedKeys, withKeyFile } from './openpgp-keys.ts';
import { requireSigner } from './openpgp-signer.ts';
import type { SignatureContext, Signed } from './signature-context.ts';
import { type Proved, signatureKind } from './signature-kind.ts';

const ClearSignedSignature = z
  .strictObject({ 'clear-signed': z.literal('sums'), keys: OpenpgpKeys, signer: Signer.optional() })
  .describe('An OpenPGP signature inside the checksum file itself (clear-signed).');

export const clearSignedSignature = signatureKind({
  kind: 'clear-signed',
  form: '{clear-signed, keys}',
  schema: ClearSignedSignature.transform(({ 'clear-signed': signs, ...keys }) => ({
    kind: 'clear-signed' as const,
    signs,
    ...keys,
  })),
  prove: (value, signed, context) => proveClearSigned(withKeyFile(value, context), signed, context),
  tools: ['signatures'],
  files: keyFile,
  problem: keysProblem,
});

/**
 * Has gpg check a text with its signature around it. `text` is what gpg found signed, without whatever stands
 * before, after or between.
 */
async function proveClearSigned(
  signature: WantedKeys,
  signed: Signed,
  context: SignatureContext,
): Promise<Proved> {
  const gpg = await openGpg(signature, context);
  const file = join(context.scratch, 'signed-text');
  const found = await gpg.extract(signed.path, file);
  const source = signed.address;
  const signs = 'sums';
  const by = requireSigner(found, { wanted: signature, keys: gpg.keys, source, signed, signs, context });
  const text = await readFile(file, 'utf8');
  return { proof: { kind: 'clear-signed', signs, by, source }, text };
}
