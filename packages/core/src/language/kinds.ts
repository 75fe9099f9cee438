import { z } from 'zod';

/** One way of several to say a thing in a recipe: a record in a file of its own and a line in the list of its kind. */
export interface Kind<Value extends { readonly kind: string }> {
  readonly kind: Value['kind'];
  /** How messages call it, e.g. `{sums}`. */
  readonly form: string;
  /** What an author writes; what comes out names its kind. */
  readonly schema: z.ZodType<Value>;
}

/** The schema of one of `kinds`, whose error names them all. */
export function oneOf<K extends readonly { readonly form: string; readonly schema: z.ZodType }[]>(
  kinds: K,
): z.ZodUnion<readonly K[number]['schema'][]> {
  const forms = kinds.map(({ form }) => form);
  const listed = [forms.slice(0, -1).join(', '), ...forms.slice(-1)].filter((text) => text !== '');
  return z.union(
    kinds.map((kind): K[number]['schema'] => kind.schema),
    { error: `expected ${listed.join(' or ')}` },
  );
}

/** The record that knows `value`. */
export function kindOf<K extends { readonly kind: string }>(
  kinds: readonly K[],
  value: { readonly kind: string },
): K {
  const found = kinds.find(({ kind }) => kind === value.kind);
  if (found === undefined) throw new Error(`no such kind: ${value.kind}`);
  return found;
}
