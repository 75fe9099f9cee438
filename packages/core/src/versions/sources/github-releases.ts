import { z } from 'zod';
import { listGithub } from './github-api.ts';
import { commonShape } from './listing.ts';
import type { Listed, ListContext } from './listing.ts';
import { publishedAt } from './published-at.ts';
import { sourceKind } from './source-kind.ts';

/** `OWNER/NAME` on GitHub. */
export const GithubRepo = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]*\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/, { error: 'expected OWNER/NAME' });

const GithubReleasesSource = z.strictObject({
  from: z.literal('github-releases'),
  repo: GithubRepo,
  ...commonShape,
});
type GithubReleasesSource = z.infer<typeof GithubReleasesSource>;

export const githubReleasesSource = sourceKind({
  from: 'github-releases',
  schema: GithubReleasesSource,
  list: listGithubReleases,
  words: ({ repo }) => `releases of [${repo}](https://github.com/${repo})`,
  tellsDates: () => true,
  sharesRequests: true,
});

const Release = z.object({
  tag_name: z.string(),
  draft: z.boolean(),
  prerelease: z.boolean(),
  published_at: z.string().nullish(),
});

async function listGithubReleases(source: GithubReleasesSource, context: ListContext): Promise<Listed[]> {
  const names = await context.githubNames?.('releases', source.repo);
  if (names !== undefined)
    return names.map(({ name, isPrerelease, publishedAt: at }) => ({
      text: name,
      prerelease: isPrerelease,
      ...(at === undefined ? {} : { publishedAt: at }),
    }));
  const releases = await listGithub('releases', source.repo, Release, context);
  return releases
    .filter((release) => !release.draft)
    .map(({ tag_name: text, prerelease, published_at: at }) => ({ text, prerelease, ...publishedAt(at) }));
}
