import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { Template } from '../../language/template.ts';
import { openGpg } from './gpg.ts';
import { OpenpgpKeys, Signer } from './openpgp-keys.ts';
import { requireSigner } from './openpgp-signer.ts';
import type { SignatureContext, SignatureProof, Signed } from './signature-context.ts';
import { Signs } from './signs.ts';

export const OpenpgpSignature = z
  .strictObject({
    openpgp: Template.describe('Address of the detached signature, armoured or not.'),
    keys: OpenpgpKeys,
    signer: Signer.optional(),
    signs: Signs,
  })
  .describe('A detached OpenPGP signature.');
export type OpenpgpSignature = z.infer<typeof OpenpgpSignature>;

const maxSignature = 64 * 1024; // bytes; one is some 600, and gpg takes half a minute over a few megabytes of them

/** Has gpg check the detached signature at `openpgp` of exactly the signed bytes. UserError when it does not hold. */
export async function proveOpenpgp(
  signature: OpenpgpSignature,
  signed: Signed,
  context: SignatureContext,
): Promise<SignatureProof> {
  const { openpgp, signs } = signature;
  const bytes = await context.documents.bytes(openpgp);
  if (bytes === undefined) {
    throw new UserError(`${signed.address}: expected its OpenPGP signature at ${openpgp}, got no such file`);
  }
  if (bytes.length > maxSignature) {
    throw new UserError(
      `${openpgp}: expected an OpenPGP signature of at most ${maxSignature} bytes, got ${bytes.length}`,
    );
  }
  const file = join(context.scratch, 'signature');
  await writeFile(file, bytes);
  const gpg = await openGpg(signature, context);
  const found = await gpg.verify(file, signed.path);
  const by = requireSigner(found, {
    wanted: signature,
    keys: gpg.keys,
    source: openpgp,
    signed,
    signs,
    context,
  });
  return { kind: 'openpgp', signs, by, source: openpgp };
}
