import { z } from 'zod';
import { AttestationSignature } from './attestation.ts';
import { ClearSignedSignature } from './clear-signed.ts';
import { CosignKeySignature } from './cosign-key.ts';
import { CosignKeylessSignature } from './cosign-keyless.ts';
import { OpenpgpSignature } from './openpgp.ts';

/** A proof of origin beside the integrity of an artifact: one line a kind, here and in prove-signature.ts. */
export const Signature = z.union(
  [OpenpgpSignature, ClearSignedSignature, CosignKeySignature, CosignKeylessSignature, AttestationSignature],
  {
    error:
      'expected {openpgp, keys}, {clear-signed, keys}, {cosign, key}, {cosign, identity, issuer} or {attestation}',
  },
);
export type Signature = z.infer<typeof Signature>;
