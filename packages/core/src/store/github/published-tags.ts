import { z } from 'zod';
import { UserError } from '../../diagnostics/user-error.ts';
import { listReleases } from './list-releases.ts';
import { queryByTag } from './query-by-tag.ts';
import { releaseByTag } from './remote-release.ts';
import { isAnonymous, type Remote } from './remote.ts';

const tagsPerQuery = 300; // one line of answer each

/**
 * The tags that begin with `prefix` and have a published release.
 *
 * A list of releases ends at the 1,000th, so the tags are what to start from: REST gives all of them in
 * one request. But a tag alone proves nothing, since people push tags, forks inherit them, and deleting a
 * release leaves its tag, which is how one asks for a rebuild. So each is looked up once, 300 a query, and
 * kept in `known`: 3 requests for 580 tags, 21 for 5,800, and later answers of the same store cost 1.
 * (Pages of GraphQL refs or releases would be 6 at 580, and one of 100 tags more for ever.)
 */
export async function publishedTags(
  remote: Remote,
  prefix: string,
  known: Set<string>,
): Promise<ReadonlySet<string>> {
  if (isAnonymous(remote)) return listedTags(remote, prefix);
  const { owner, repo, client } = remote;
  const { octokit } = client;
  const refs = await octokit.paginate(octokit.rest.git.listMatchingRefs, {
    owner,
    repo,
    ref: `tags/${prefix}`,
  });
  const tags = refs.map(({ ref }) => ref.replace('refs/tags/', ''));
  const unknown = tags.filter((tag) => !known.has(tag));
  const schema = z.object({ isDraft: z.boolean() });
  const found = await queryByTag(remote, unknown, { fields: 'isDraft', schema, perQuery: tagsPerQuery });
  for (const [tag, { isDraft }] of found) {
    if (!isDraft || (await releaseByTag(remote, tag)) !== undefined) known.add(tag);
  }
  return new Set(tags.filter((tag) => known.has(tag)));
}

async function listedTags(remote: Remote, prefix: string): Promise<ReadonlySet<string>> {
  const { releases, isWhole } = await listReleases(remote);
  if (isWhole) return new Set(releases.map(({ tag }) => tag).filter((tag) => tag.startsWith(prefix)));
  const hint = 'set GITHUB_TOKEN; any token will do';
  const most = `${releases.length} releases`;
  throw new UserError(
    'store.limit',
    `${remote.owner}/${remote.repo}: GitHub lists no more than ${most} without a token`,
    {
      hint,
    },
  );
}
