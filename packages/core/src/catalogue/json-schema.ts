import { z } from 'zod';
import { Catalogue } from './schema.ts';

/** The format of `catalogue.json` as JSON Schema, for programs of others. Keys it does not know are allowed: it grows. */
export function catalogueJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(Catalogue, { io: 'input', target: 'draft-7', reused: 'ref' }),
    title: 'What a bakery has published',
  };
}
