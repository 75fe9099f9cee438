import { z } from 'zod';

/** What a signature is about. */
export const Signs = z
  .enum(['artifact', 'sums'])
  .default('artifact')
  .describe('What it signs: the artifact itself, or the file of sums its integrity names.');
export type Signs = z.infer<typeof Signs>;
