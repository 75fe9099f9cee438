import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../diagnostics/user-error.ts';
import { hashOf } from '../hashing.ts';
import type { SignatureContext, SignatureProof, Signed } from './signature-context.ts';
import { prove, type Signature } from './signature.ts';

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
    throw new UserError('fetch.no-hash', `${context.url}: expected its hash in ${address}, got no such file`);
  }
  const path = join(context.scratch, 'sums');
  await writeFile(path, bytes);
  const { proof, text } = await prove(signature, { path, address, sha256: hashOf(bytes) }, context);
  return { address, proof, text: text ?? Buffer.from(bytes).toString('utf8') };
}
