import type { z } from 'zod';
import type { KeyIssue } from '../../diagnostics/diagnostic.ts';
import { kindOf, oneOf } from '../../language/kinds.ts';
import { type Program, toolsFor } from '../../tools/known-tools.ts';
import { attestationSignature } from './attestation.ts';
import { clearSignedSignature } from './clear-signed.ts';
import { cosignCertificateSignature } from './cosign-certificate.ts';
import { cosignKeySignature } from './cosign-key.ts';
import { cosignKeylessSignature } from './cosign-keyless.ts';
import { openpgpSignature } from './openpgp.ts';
import type { SignatureContext, Signed } from './signature-context.ts';
import type { NamedFile, Proved, SignatureKind } from './signature-kind.ts';

/** A new kind is one file here and one line in this list. */
const all = [
  openpgpSignature,
  clearSignedSignature,
  cosignKeySignature,
  cosignKeylessSignature,
  cosignCertificateSignature,
  attestationSignature,
] as const;

/** A proof of origin beside the integrity of an artifact. */
export const Signature = oneOf(all);
export type Signature = z.infer<typeof Signature>;

const kinds: readonly SignatureKind<Signature>[] = all;

/** UserError when the signature does not hold for the signed bytes. */
export function prove(signature: Signature, signed: Signed, context: SignatureContext): Promise<Proved> {
  return kindOf(kinds, signature).prove(signature, signed, context);
}

/** Files of the recipe’s folder that a signature reads. */
export function filesOf(signature: Signature): readonly NamedFile[] {
  return kindOf(kinds, signature).files?.(signature) ?? [];
}

/** What is wrong with a signature by itself, if anything. */
export function signatureProblem(signature: Signature): KeyIssue | undefined {
  return kindOf(kinds, signature).problem?.(signature);
}

/** What must be installed to prove the signatures of downloads. */
export function toolsOfSignatures(
  downloads: readonly { readonly signature?: Signature | undefined }[],
): Program[] {
  const jobs = downloads.flatMap(({ signature }) =>
    signature === undefined ? [] : (kindOf(kinds, signature).tools ?? []),
  );
  return jobs.length === 0 ? [] : toolsFor(...jobs);
}
