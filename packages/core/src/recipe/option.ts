import { z } from 'zod';
import { VersionSource } from '../versions/sources/sources.ts';

/** A value the caller may choose; usable as a placeholder and in `if`. */
export const Option = z
  .strictObject({
    help: z.string().min(1),
    default: z
      .union([z.string(), VersionSource], { error: 'expected text, or {from, …} with a version source' })
      .optional()
      .describe(
        'A value, or a source whose newest version it is (its addresses may hold {version} and the like). ' +
          'Without one the option is unset: "".',
      ),
    values: z.array(z.string()).min(1).optional().describe('The only values allowed.'),
    required: z.boolean().default(false),
  })
  .refine((option) => !(option.required && option.default !== undefined), {
    error: 'expected a default or required, not both',
  });
export type Option = z.infer<typeof Option>;
