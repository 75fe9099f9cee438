import { z } from 'zod';
import { commonShape } from './listing.ts';

/** `OWNER/NAME` on GitHub. */
export const GithubRepo = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/, { error: 'expected OWNER/NAME' });

export const GithubReleasesSource = z.strictObject({
  from: z.literal('github-releases'),
  repo: GithubRepo,
  ...commonShape,
});
export type GithubReleasesSource = z.infer<typeof GithubReleasesSource>;
