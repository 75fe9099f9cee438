import type { z } from 'zod';
import type { Listed, ListContext } from './listing.ts';

/** A kind of place that versions come from; its schema says which by `from`. */
export interface SourceKind<Schema extends z.core.$ZodTypeDiscriminable> {
  readonly from: string;
  readonly schema: Schema;
  /** Every version the source names, in no order and before any filter. */
  list(source: z.output<Schema>, context: ListContext): Promise<Listed[]>;
  /** For documentation: a noun phrase in Markdown, e.g. `tags of [o/r](…)`. */
  words(source: z.output<Schema>): string;
  /** Whether it says when each version was published; no kind does where it is left out. */
  tellsDates?(source: z.output<Schema>): boolean;
  /** Nobody is asked: there is nothing to remember for a run without a network. */
  readonly isLocal?: boolean;
  /** Sources of this kind share requests, so all of them have to be asked for at once. */
  readonly sharesRequests?: boolean;
}

/** Infers the schema. */
export function sourceKind<Schema extends z.core.$ZodTypeDiscriminable>(
  record: SourceKind<Schema>,
): SourceKind<Schema> {
  return record;
}
