import { z } from 'zod';
import { Recipe } from './schema.ts';

/** The recipe format as JSON Schema, for editors. What it cannot say (references, regexes), loading checks. */
export function recipeJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(Recipe, { io: 'input', target: 'draft-7', reused: 'ref' }),
    title: 'Recipe of a system extension',
  };
}
