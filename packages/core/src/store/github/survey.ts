import { z } from 'zod';
import { graphql, GraphqlError } from '../../github/graphql.ts';
import { isGone, isUncertain } from '../../github/refusal.ts';
import { newestReleases, releaseByTag } from './remote-release.ts';
import type { Remote } from './remote.ts';

export interface PublishedLast {
  readonly isImmutable: boolean;
  /** Milliseconds since 1970. */
  readonly publishedAt: number;
}

/** What matters to a release that is about to be made. */
export interface Survey {
  readonly isPublished: boolean;
  /** Ids of drafts with its tag: of killed runs, or of one that is at work. */
  readonly drafts: readonly number[];
  /** What was published last, whatever it is. */
  readonly newest: PublishedLast | undefined;
  /** Which of the indexes asked about are not there. */
  readonly missing: readonly string[];
}

const listed = 50; // drafts are listed first, so these show all of the last runs

const Tagged = z.object({ isDraft: z.boolean() }).nullable();
const Listed = z.object({
  databaseId: z.number(),
  tagName: z.string(),
  isDraft: z.boolean(),
  immutable: z.boolean(),
  publishedAt: z.string().nullable(),
});
const Answer = z.object({
  repository: z.object({ tagged: Tagged, releases: z.object({ nodes: z.array(Listed) }) }).catchall(Tagged),
});

/** One request; some more where there is no GraphQL. */
export async function survey(remote: Remote, tag: string, indexes: readonly string[] = []): Promise<Survey> {
  const { client, owner, repo } = remote;
  const others = indexes.map((index, n) => `i${n}: release(tagName: ${JSON.stringify(index)}) { isDraft }`);
  const query = `query($owner: String!, $repo: String!, $tag: String!) {
    repository(owner: $owner, name: $repo) {
      tagged: release(tagName: $tag) { isDraft }
      releases(first: ${listed}, orderBy: { field: CREATED_AT, direction: DESC }) {
        nodes { databaseId tagName isDraft immutable publishedAt }
      }
      ${others.join('\n')}
    }
  }`;
  try {
    const { repository } = await graphql(client, query, { owner, repo, tag }, Answer);
    const { tagged, releases, ...found } = repository;
    const published = releases.nodes.filter((release) => !release.isDraft);
    const [newest] = published.toSorted((a, b) => ((a.publishedAt ?? '') > (b.publishedAt ?? '') ? -1 : 1));
    const drafts = releases.nodes.filter((release) => release.isDraft && release.tagName === tag);
    return {
      // To who may push, GraphQL may show a leftover draft in place of the published release.
      isPublished: tagged?.isDraft === true ? await isPublic(remote, tag) : tagged !== null,
      drafts: drafts.map(({ databaseId }) => databaseId),
      newest:
        newest === undefined
          ? undefined
          : { isImmutable: newest.immutable, publishedAt: Date.parse(newest.publishedAt ?? '') || 0 },
      missing: indexes.filter((_, n) => found[`i${n}`]?.isDraft !== false),
    };
  } catch (error) {
    if (!isUncertain(error) && !isGone(error) && !(error instanceof GraphqlError)) throw error;
    return surveyByRest(remote, tag, indexes);
  }
}

async function surveyByRest(remote: Remote, tag: string, indexes: readonly string[]): Promise<Survey> {
  const releases = await newestReleases(remote);
  const published = releases.filter((release) => !release.isDraft);
  const missing: string[] = [];
  for (const index of indexes) if (!(await isPublic(remote, index))) missing.push(index);
  return {
    isPublished: await isPublic(remote, tag),
    drafts: releases.filter((release) => release.isDraft && release.tag === tag).map(({ id }) => id),
    newest: published.toSorted((a, b) => b.publishedAt - a.publishedAt)[0],
    missing,
  };
}

/** Ids of the drafts with this tag. */
export async function draftsOf(remote: Remote, tag: string): Promise<readonly number[]> {
  const releases = await newestReleases(remote);
  return releases.filter((release) => release.isDraft && release.tag === tag).map(({ id }) => id);
}

async function isPublic(remote: Remote, tag: string): Promise<boolean> {
  return (await releaseByTag(remote, tag)) !== undefined;
}
