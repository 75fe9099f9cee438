import { z } from 'zod';
import { listGithub } from './github-api.ts';
import { GithubRepo } from './github-releases.ts';
import { commonShape } from './listing.ts';
import type { Listed, ListContext } from './listing.ts';

export const GithubTagsSource = z.strictObject({
  from: z.literal('github-tags'),
  repo: GithubRepo,
  ...commonShape,
});
export type GithubTagsSource = z.infer<typeof GithubTagsSource>;

const Tag = z.object({ name: z.string() });

export async function listGithubTags(source: GithubTagsSource, context: ListContext): Promise<Listed[]> {
  const names =
    (await context.githubNames?.('tags', source.repo)) ??
    (await listGithub('tags', source.repo, Tag, context));
  return names.map(({ name }) => ({ text: name, prerelease: false }));
}
