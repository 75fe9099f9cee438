import type { TrustedRoot } from '@sigstore/protobuf-specs';
import { z } from 'zod';
import type { Exec } from '../../ports/exec.ts';
import type { Report } from '../../ports/report.ts';
import type { Documents } from '../documents.ts';

/** What a kind of signature may ask. */
export interface SignatureContext {
  /** Address of the artifact, before mirrors. */
  readonly url: string;
  readonly documents: Documents;
  readonly exec: Exec;
  readonly report: Report;
  /** Absolute; files of keys lie in it. */
  readonly recipeFolder: string;
  /** A folder of its own for one proof. */
  readonly scratch: string;
  /** Address of GitHub's API, no slash at the end. */
  readonly githubApi: string;
  /** Whom Sigstore trusts. */
  trustedRoot(): Promise<TrustedRoot>;
}

/** Bytes that are signed, in a file that nobody changes. */
export interface Signed {
  readonly path: string;
  readonly sha256: string;
  /** The address they came from, for people. */
  readonly address: string;
}

/** How a signature was proved, for people and for inputs.json. */
export const SignatureProof = z.strictObject({
  kind: z.enum(['openpgp', 'clear-signed', 'cosign', 'attestation']),
  /** `artifact`, or the file of `sums` that proves it. */
  signs: z.enum(['artifact', 'sums']),
  /** Who signed: the fingerprint of an OpenPGP key, `sha256:HEX` of another, or an identity. */
  by: z.string(),
  /** The OpenID Connect issuer that vouched for the identity. */
  issuer: z.string().optional(),
  /** Address of the signature. */
  source: z.string(),
});
export type SignatureProof = z.infer<typeof SignatureProof>;
