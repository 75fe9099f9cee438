import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../diagnostics/user-error.ts';
import { hashOf } from '../hashing.ts';
import { proveAttestation } from './attestation.ts';
import { proveClearSigned } from './clear-signed.ts';
import { proveCosignKey } from './cosign-key.ts';
import { proveCosignKeyless } from './cosign-keyless.ts';
import { proveOpenpgp } from './openpgp.ts';
import type { SignatureContext, SignatureProof, Signed } from './signature-context.ts';
import type { Signature } from './signature.ts';
import type { Signs } from './signs.ts';

/** What it must be held against. */
export function signedBy(signature: Signature): Signs {
  if ('clear-signed' in signature) return signature['clear-signed'];
  if ('attestation' in signature) return 'artifact';
  return signature.signs;
}

/** Proves who signed a downloaded file, before anybody uses it. */
export function proveArtifact(
  signature: Signature,
  signed: Signed,
  context: SignatureContext,
): Promise<SignatureProof> {
  return prove(signature, signed, context).then(({ proof }) => proof);
}

/** A file of sums of which is known who signed it. */
export interface SignedSums {
  readonly address: string;
  /** What was signed, and nothing else. */
  readonly text: string;
  readonly proof: SignatureProof;
}

/** Proves who signed the file of sums at `address`. Whoever reads sums must read this text: it came once. */
export async function proveSums(
  signature: Signature,
  address: string,
  context: SignatureContext,
): Promise<SignedSums> {
  const bytes = await context.documents.bytes(address);
  if (bytes === undefined) {
    throw new UserError(`${context.url}: expected its hash in ${address}, got no such file`);
  }
  const path = join(context.scratch, 'sums');
  await writeFile(path, bytes);
  const { proof, text } = await prove(signature, { path, address, sha256: hashOf(bytes) }, context);
  return { address, proof, text: text ?? Buffer.from(bytes).toString('utf8') };
}

/** One line a kind of `Signature`; `text` when the signature tells which part of the bytes it is about. */
async function prove(
  signature: Signature,
  signed: Signed,
  context: SignatureContext,
): Promise<{ readonly proof: SignatureProof; readonly text?: string }> {
  if ('clear-signed' in signature) return proveClearSigned(signature, signed, context);
  if ('openpgp' in signature) return { proof: await proveOpenpgp(signature, signed, context) };
  if ('attestation' in signature) return { proof: await proveAttestation(signature, signed, context) };
  if ('key' in signature) return { proof: await proveCosignKey(signature, signed, context) };
  return { proof: await proveCosignKeyless(signature, signed, context) };
}
