import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { sidecarAddress } from '../../language/address.ts';
import { openGpg } from './gpg.ts';
import { keyFile, keysProblem, OpenpgpKeys, Signer, withKeyFile } from './openpgp-keys.ts';
import { requireSigner } from './openpgp-signer.ts';
import type { SignatureContext, SignatureProof, Signed } from './signature-context.ts';
import { signatureKind } from './signature-kind.ts';
import { Signs } from './signs.ts';

const OpenpgpSignature = z
  .strictObject({
    openpgp: sidecarAddress('Address of the detached signature, armoured or not.'),
    keys: OpenpgpKeys,
    signer: Signer.optional(),
    signs: Signs,
  })
  .describe('A detached OpenPGP signature.');
type OpenpgpSignature = z.infer<typeof OpenpgpSignature>;

export const openpgpSignature = signatureKind({
  kind: 'openpgp',
  form: '{openpgp, keys}',
  schema: OpenpgpSignature.transform((value) => ({ kind: 'openpgp' as const, ...value })),
  prove: async (value, signed, context) => ({
    proof: await proveOpenpgp(withKeyFile(value, context), signed, context),
  }),
  tools: ['signatures'],
  files: keyFile,
  problem: keysProblem,
});

const maxSignature = 64 * 1024; // bytes; one is some 600, and gpg takes half a minute over a few megabytes of them

/** Has gpg check the detached signature at `openpgp` of exactly the signed bytes. UserError when it does not hold. */
async function proveOpenpgp(
  signature: OpenpgpSignature,
  signed: Signed,
  context: SignatureContext,
): Promise<SignatureProof> {
  const { openpgp, signs } = signature;
  const bytes = await context.documents.bytes(openpgp);
  if (bytes === undefined) {
    throw new UserError(
      'fetch.no-signature',
      `${signed.address}: expected its OpenPGP signature at ${openpgp}, got no such file`,
    );
  }
  if (bytes.length > maxSignature) {
    throw new UserError(
      'fetch.unreadable-signature',
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
