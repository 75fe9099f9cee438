import { z } from 'zod';
import { commonShape } from './listing.ts';

export const GitlabTagsSource = z.strictObject({
  from: z.literal('gitlab-tags'),
  host: z
    .string()
    .regex(/^[a-z0-9.-]+$/, { error: 'expected a host name' })
    .default('gitlab.com'),
  project: z.union([z.int().positive(), z.string().regex(/^[\w.-]+(\/[\w.-]+)+$/)]),
  ...commonShape,
});
export type GitlabTagsSource = z.infer<typeof GitlabTagsSource>;
