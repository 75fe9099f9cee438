import { z } from 'zod';
import { listGithub } from './github-api.ts';
import { GithubRepo } from './github-releases.ts';
import { commonShape } from './listing.ts';
import type { Listed, ListContext } from './listing.ts';
import { sourceKind } from './source-kind.ts';

const GithubTagsSource = z.strictObject({
  from: z.literal('github-tags'),
  repo: GithubRepo,
  ...commonShape,
});
type GithubTagsSource = z.infer<typeof GithubTagsSource>;

export const githubTagsSource = sourceKind({
  from: 'github-tags',
  schema: GithubTagsSource,
  list: listGithubTags,
  words: ({ repo }) => `tags of [${repo}](https://github.com/${repo})`,
  sharesRequests: true,
});

const Tag = z.object({ name: z.string() });

async function listGithubTags(source: GithubTagsSource, context: ListContext): Promise<Listed[]> {
  const names =
    (await context.githubNames?.('tags', source.repo)) ??
    (await listGithub('tags', source.repo, Tag, context));
  return names.map(({ name }) => ({ text: name, prerelease: false }));
}
