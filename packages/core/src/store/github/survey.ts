import { z } from 'zod';
import { graphql, GraphqlError } from '../../github/graphql.ts';
import { isGone, isUncertain } from '../../github/refusal.ts';
import { newestReleases, releaseByTag } from './remote-release.ts';
import type { Remote } from './remote.ts';

/** What matters to a release that is about to be made. */
export interface Survey {
  readonly isPublished: boolean;
  /** Ids of drafts with its tag: of killed runs, or of one that is at work. */
  readonly drafts: readonly number[];
}

const newest = 50; // drafts are listed first, so these show all of the last runs

const Answer = z.object({
  repository: z.object({
    tagged: z.object({ isDraft: z.boolean() }).nullable(),
    releases: z.object({
      nodes: z.array(z.object({ databaseId: z.number(), tagName: z.string(), isDraft: z.boolean() })),
    }),
  }),
});

/** One request; two where there is no GraphQL. */
export async function survey(remote: Remote, tag: string): Promise<Survey> {
  const { client, owner, repo } = remote;
  const query = `query($owner: String!, $repo: String!, $tag: String!) {
    repository(owner: $owner, name: $repo) {
      tagged: release(tagName: $tag) { isDraft }
      releases(first: ${newest}, orderBy: { field: CREATED_AT, direction: DESC }) {
        nodes { databaseId tagName isDraft }
      }
    }
  }`;
  try {
    const { repository } = await graphql(client, query, { owner, repo, tag }, Answer);
    const { tagged, releases } = repository;
    // To who may push, GraphQL may show a leftover draft in place of the published release.
    const isPublished = tagged?.isDraft === true ? await isPublic(remote, tag) : tagged !== null;
    const drafts = releases.nodes.filter((release) => release.isDraft && release.tagName === tag);
    return { isPublished, drafts: drafts.map(({ databaseId }) => databaseId) };
  } catch (error) {
    if (!isUncertain(error) && !isGone(error) && !(error instanceof GraphqlError)) throw error;
    return { isPublished: await isPublic(remote, tag), drafts: await draftsOf(remote, tag) };
  }
}

/** Ids of the drafts with this tag. */
export async function draftsOf(remote: Remote, tag: string): Promise<readonly number[]> {
  const releases = await newestReleases(remote);
  return releases.filter((release) => release.isDraft && release.tag === tag).map(({ id }) => id);
}

async function isPublic(remote: Remote, tag: string): Promise<boolean> {
  return (await releaseByTag(remote, tag)) !== undefined;
}
