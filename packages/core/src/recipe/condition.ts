import { z } from 'zod';
import { Arch } from '../arch.ts';
import { VersionRange } from '../versions/range.ts';

const wanted = z.union([z.string(), z.array(z.string()).min(1), z.strictObject({ not: z.string() })]);

/** When an entry counts. Every condition given must hold; none given means always. */
export const conditionShape = {
  when: VersionRange.optional().describe('Versions for which this entry counts.'),
  arches: z.array(Arch).min(1).optional().describe('Architectures for which this entry counts.'),
  if: z
    .record(z.string(), wanted)
    .optional()
    .describe(
      'Option values for which this entry counts: a value, a list of values, or {not: value}. "" is unset.',
    ),
};
export const Condition = z.strictObject(conditionShape);
export type Condition = z.infer<typeof Condition>;
