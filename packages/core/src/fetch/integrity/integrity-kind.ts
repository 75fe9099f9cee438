import type { z } from 'zod';
import type { Kind } from '../../language/kinds.ts';
import type { Expectation, IntegrityContext } from './expectation.ts';

/** A way to prove the bytes of an artifact. */
export interface IntegrityKind<Value extends { readonly kind: string }> extends Kind<Value> {
  /** Asks whoever it names what the bytes must be. */
  expect(value: Value, context: IntegrityContext): Expectation | Promise<Expectation>;
  /** Address of the file that holds the hash, which a signature may sign instead of the artifact. */
  sums?(value: Value): string;
  /** What is wrong with it beside the template of an artifact’s address. */
  problem?(url: string): string | undefined;
}

/** Infers what a kind’s schema gives. */
export function integrityKind<Value extends { readonly kind: string }>(
  record: { readonly schema: z.ZodType<Value> } & IntegrityKind<NoInfer<Value>>,
): IntegrityKind<Value> {
  return record;
}
