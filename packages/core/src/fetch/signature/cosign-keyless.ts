import { createVerify, type KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { sidecarAddress } from '../../language/address.ts';
import { templated } from '../../language/slots.ts';
import type { SignatureContext, SignatureProof, Signed } from './signature-context.ts';
import { signatureKind } from './signature-kind.ts';
import { Signs } from './signs.ts';
import { openSigstore } from './sigstore.ts';

/** By nobody’s key: who signed stands in a certificate. */
export const CosignKeylessSignature = z
  .strictObject({
    cosign: sidecarAddress('Address of the Sigstore bundle.'),
    identity: templated(z.string().min(1), 'proof').describe(
      'Who signed, exactly as in the certificate: a workflow’s URL or an e-mail address.',
    ),
    issuer: z
      .url({ protocol: /^https$/ })
      .describe('The OpenID Connect issuer that vouched for the identity.'),
    signs: Signs,
  })
  .describe('A signature of "cosign sign-blob" without a key, in a Sigstore bundle.');
type CosignKeylessSignature = z.infer<typeof CosignKeylessSignature>;

export const cosignKeylessSignature = signatureKind({
  kind: 'cosign-keyless',
  form: '{cosign, identity, issuer}',
  schema: CosignKeylessSignature.transform((value) => ({ kind: 'cosign-keyless' as const, ...value })),
  prove: async (value, signed, context) => ({ proof: await proveCosignKeyless(value, signed, context) }),
});

async function proveCosignKeyless(
  value: CosignKeylessSignature,
  signed: Signed,
  context: SignatureContext,
): Promise<SignatureProof> {
  const { cosign } = value;
  const text = await context.documents.read(cosign);
  if (text === undefined) {
    throw new UserError(
      'fetch.no-signature',
      `${signed.address}: expected its Sigstore bundle at ${cosign}, got no such file`,
    );
  }
  return proveBundle(text, value, signed, context);
}

/** Checks a Sigstore bundle of exactly the signed bytes: certificate, transparency log and identity. */
export async function proveBundle(
  text: string,
  { cosign, identity, issuer, signs }: CosignKeylessSignature,
  signed: Signed,
  context: SignatureContext,
): Promise<SignatureProof> {
  const sigstore = await openSigstore(context);
  const bundle = sigstore.parse(text, cosign);
  if (bundle.content.$case !== 'messageSignature') {
    throw new UserError(
      'fetch.unreadable-signature',
      `${cosign}: expected a bundle with a signature of a file, got an attestation`,
    );
  }
  const digest = bundle.content.messageSignature.messageDigest.digest.toString('hex');
  if (digest !== signed.sha256) {
    throw new UserError(
      'fetch.wrong-signature',
      `${signed.address}: expected a signature of sha256:${signed.sha256} at ${cosign}, got one of ${digest}`,
      {
        hint: 'upstream replaced the file, a mirror is out of date, or someone may be tampering with the connection',
      },
    );
  }
  const verify = await fed(signed.path);
  const signer = sigstore.verify(bundle, { subject: signed.address, source: cosign, verify });
  if (signer.identity === identity && signer.issuer === issuer) {
    return { kind: 'cosign', signs, by: identity, issuer, source: cosign };
  }
  throw new UserError(
    'fetch.wrong-signature',
    `${signed.address}: expected a signature by ${identity} (${issuer}) at ${cosign}, got one by ${signer.identity} (${signer.issuer})`,
  );
}

/** Reads the file once, whatever its size; the key comes out of the certificate later. */
async function fed(path: string): Promise<(key: KeyObject, signature: Buffer) => boolean> {
  const verifier = createVerify('sha256');
  await pipeline(createReadStream(path), verifier);
  return (key, signature) => verifier.verify(key, signature);
}
