import { z } from 'zod';
import { GithubRepo } from './github-releases.ts';
import { commonShape } from './listing.ts';

export const GithubTagsSource = z.strictObject({
  from: z.literal('github-tags'),
  repo: GithubRepo,
  ...commonShape,
});
export type GithubTagsSource = z.infer<typeof GithubTagsSource>;
