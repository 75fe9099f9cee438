import { z } from 'zod';
import { commonShape } from './listing.ts';
import type { Listed, ListContext } from './listing.ts';
import { listPages } from './pages.ts';
import { publishedAt } from './published-at.ts';
import { sourceKind } from './source-kind.ts';

/** A project on Codeberg or any other Forgejo or Gitea. */
const ForgejoSource = z.strictObject({
  from: z.literal('forgejo'),
  host: z
    .string()
    .regex(/^[a-z0-9.-]+(?::\d+)?$/, { error: 'expected a host name' })
    .default('codeberg.org'),
  repo: z.string().regex(/^[A-Za-z0-9][\w.-]*\/(?!\.{1,2}$)[\w.-]+$/, { error: 'expected OWNER/NAME' }),
  list: z.enum(['releases', 'tags']).default('releases'),
  ...commonShape,
});
type ForgejoSource = z.infer<typeof ForgejoSource>;

export const forgejoSource = sourceKind({
  from: 'forgejo',
  schema: ForgejoSource,
  list: listForgejo,
  tellsDates: ({ list }) => list === 'releases',
  words: ({ host, repo, list }) => `${list} of [${repo}](https://${host}/${repo}) on ${host}`,
});

const Release = z.object({
  tag_name: z.string(),
  draft: z.boolean(),
  prerelease: z.boolean(),
  published_at: z.string().nullish(),
});
const Tag = z.object({ name: z.string() });

const perPage = 50; // what an instance gives at most unless its owner says otherwise (MAX_RESPONSE_ITEMS)

async function listForgejo(source: ForgejoSource, { ports }: ListContext): Promise<Listed[]> {
  const { host, repo, list } = source;
  const page = {
    url: `https://${host}/api/v1/repos/${repo}/${list}?limit=${perPage}`,
    subject: `${list} of ${repo} on ${host}`,
  };
  if (list === 'tags') {
    const tags = await listPages(ports.http, { ...page, item: Tag });
    return tags.map(({ name }) => ({ text: name, prerelease: false }));
  }
  const releases = await listPages(ports.http, { ...page, item: Release });
  return releases
    .filter(({ draft }) => !draft)
    .map(({ tag_name: text, prerelease, published_at: at }) => ({ text, prerelease, ...publishedAt(at) }));
}
