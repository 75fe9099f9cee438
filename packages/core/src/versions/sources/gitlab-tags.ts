import { z } from 'zod';
import { commonShape } from './listing.ts';
import type { Listed, ListContext } from './listing.ts';
import { listPages } from './pages.ts';
import { sourceKind } from './source-kind.ts';

const GitlabTagsSource = z.strictObject({
  from: z.literal('gitlab-tags'),
  host: z
    .string()
    .regex(/^[a-z0-9.-]+$/, { error: 'expected a host name' })
    .default('gitlab.com'),
  project: z.union([z.int().positive(), z.string().regex(/^[\w.-]+(\/[\w.-]+)+$/)]),
  ...commonShape,
});
type GitlabTagsSource = z.infer<typeof GitlabTagsSource>;

export const gitlabTagsSource = sourceKind({
  from: 'gitlab-tags',
  schema: GitlabTagsSource,
  list: listGitlabTags,
  words: ({ host, project }) => `tags of project \`${project}\` on ${host}`,
});

const Tag = z.object({ name: z.string() });

async function listGitlabTags(source: GitlabTagsSource, { ports }: ListContext): Promise<Listed[]> {
  const { host, project } = source;
  const tags = await listPages(ports.http, {
    url: `https://${host}/api/v4/projects/${encodeURIComponent(project)}/repository/tags?per_page=100`,
    item: Tag,
    subject: `tags of project ${project} on ${host}`,
  });
  return tags.map(({ name }) => ({ text: name, prerelease: false }));
}
