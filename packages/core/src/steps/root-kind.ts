import type { z } from 'zod';
import type { Kind } from '../language/kinds.ts';
import type { Job } from '../tools/known-tools.ts';
import type { BuildContext } from './build-context.ts';
import type { BuildRecord } from './build-record.ts';

/** A way to get the files of a foreign system. */
export interface RootKind<Value extends { readonly kind: string }> extends Kind<Value> {
  /** Fills an empty folder; the files belong to the caller. */
  prepare(root: Value, folder: string, context: BuildContext): Promise<Omit<BuildRecord, 'step'>>;
  readonly tools: readonly Job[];
  /** Whether a program runs in a container for it. */
  readonly needsEngine?: boolean;
  /** Name of the artifact of the recipe that it is made of. */
  artifact?(root: Value): string;
  /** Texts of which one must tie the root to the version that is built, and an example of how. */
  versioned?(root: Value): { readonly texts: readonly string[]; readonly example: string };
}

/** Infers what a kind’s schema gives. */
export function rootKind<Value extends { readonly kind: string }>(
  record: { readonly schema: z.ZodType<Value> } & RootKind<NoInfer<Value>>,
): RootKind<Value> {
  return record;
}
