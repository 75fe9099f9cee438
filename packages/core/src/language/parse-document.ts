import type { z } from 'zod';
import { documentError } from '../diagnostics/document-error.ts';
import type { KeyPath } from '../diagnostics/key-path.ts';
import type { Place } from '../diagnostics/place.ts';
import { expectation, explain } from './explain.ts';
import { readYaml } from './yaml-document.ts';

export interface Parsed<T> {
  readonly value: T;
  /** As it was written: before defaults and transforms. */
  readonly data: unknown;
  readonly locate: (path: KeyPath) => Place;
}

/** Reads YAML and checks it against `schema`; all that is wrong comes as one UserError, a line each. */
export function parseDocumentAs<T>(schema: z.ZodType<T>, text: string, file: string): Parsed<T> {
  const { data, locate } = readYaml(text, file);
  const result = schema.safeParse(data, { error: expectation });
  if (!result.success) throw documentError(explain(result.error.issues, data), locate);
  return { value: result.data, data, locate };
}
