import { z } from 'zod';

/** Which versions of an extension its index goes on naming; what the release list wants stays whatever it says. */
export const Retention = z
  .strictObject({
    keep: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .describe('How many versions to keep: the newest overall, and the newest of each stream.'),
    since: z.iso.date().optional().describe('Keep versions published on this day or later.'),
    'remove-after': z
      .int()
      .min(0)
      .max(3650)
      .default(30)
      .describe('Days until the release of a version that is in no index is removed from the store.'),
  })
  .refine(({ keep, since }) => keep !== undefined || since !== undefined, {
    error: 'expected keep: N or since: DATE',
  });
export type Retention = z.infer<typeof Retention>;
