import type { z } from 'zod';
import type { KeyIssue } from '../../diagnostics/diagnostic.ts';
import type { Kind } from '../../language/kinds.ts';
import type { Job } from '../../tools/known-tools.ts';
import type { SignatureContext, SignatureProof, Signed } from './signature-context.ts';
import type { Signs } from './signs.ts';

/** Where a kind of signature keeps a file of the recipe. */
export interface NamedFile {
  /** The key of the recipe that names it. */
  readonly key: string;
  /** Path in the recipe’s folder. */
  readonly file: string;
}

export interface Proved {
  readonly proof: SignatureProof;
  /** What was signed, when the signature tells which part of the bytes it is about. */
  readonly text?: string;
}

interface SomeSignature {
  readonly kind: string;
  readonly signs: Signs;
}

/** A way to prove who an artifact, or its file of sums, is from. */
export interface SignatureKind<Value extends SomeSignature> extends Kind<Value> {
  /** UserError when the signature does not hold for the signed bytes. */
  prove(value: Value, signed: Signed, context: SignatureContext): Promise<Proved>;
  /** What must be installed. */
  readonly tools?: readonly Job[];
  /** Files of the recipe’s folder that it reads. */
  files?(value: Value): readonly NamedFile[];
  /** What is wrong with it by itself that its schema cannot see. */
  problem?(value: Value): KeyIssue | undefined;
}

/** Infers what a kind’s schema gives. */
export function signatureKind<Value extends SomeSignature>(
  record: { readonly schema: z.ZodType<Value> } & SignatureKind<NoInfer<Value>>,
): SignatureKind<Value> {
  return record;
}
