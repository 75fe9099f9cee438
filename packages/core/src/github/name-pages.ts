import { z } from 'zod';
import type { GithubClient } from './client.ts';
import { graphqlPartly } from './graphql.ts';

/** What a project calls its versions. */
export interface ListedName {
  readonly name: string;
  readonly isPrerelease: boolean;
  /** Milliseconds since 1970; undefined for tags. */
  readonly publishedAt?: number | undefined;
}

export interface NameQuestion {
  readonly kind: 'releases' | 'tags';
  /** `OWNER/NAME`. */
  readonly repo: string;
  /** Cursor of the page before; null for the first page. */
  readonly after: string | null;
}

export interface NamePage {
  readonly names: readonly ListedName[];
  /** Cursor to go on from; undefined on the last page. */
  readonly next: string | undefined;
}

/**
 * Answers many questions with one query of at most 100 names each: far from the 500,000 nodes GitHub allows, and
 * one point of the hourly budget. What it cannot answer is left out: repositories that are missing or private,
 * and those whose owners do not let this token in.
 */
export async function queryNamePages<Question extends NameQuestion>(
  client: GithubClient,
  questions: readonly Question[],
  options: { readonly retries?: number } = {},
): Promise<ReadonlyMap<Question, NamePage>> {
  const query = `query { ${questions.map(fieldOf).join('\n')} }`;
  const answers = await graphqlPartly(client, query, Repository, options);
  return new Map(
    questions.flatMap((question, n) => {
      const page = answers.get(aliasOf(n))?.names;
      return page === undefined || page === null ? [] : [[question, pageOf(page)]];
    }),
  );
}

function fieldOf({ kind, repo, after }: NameQuestion, n: number): string {
  const [owner, name] = repo.split('/');
  const of = `owner: ${JSON.stringify(owner)}, name: ${JSON.stringify(name)}`;
  const page = `first: 100, after: ${JSON.stringify(after)}`;
  const names =
    kind === 'tags'
      ? `refs(refPrefix: "refs/tags/", ${page}) { nodes { name }`
      : `releases(${page}) { nodes { tagName isDraft isPrerelease publishedAt }`;
  return `${aliasOf(n)}: repository(${of}) { names: ${names} pageInfo { hasNextPage endCursor } } }`;
}

function aliasOf(n: number): string {
  return `r${n}`;
}

const Named = z.union([
  z
    .object({
      tagName: z.string(),
      isDraft: z.boolean(),
      isPrerelease: z.boolean(),
      publishedAt: z.string().nullish(),
    })
    .transform(({ tagName: name, isDraft, isPrerelease, publishedAt }) => ({
      isDraft,
      listed: { name, isPrerelease, ...dated(publishedAt) },
    })),
  z
    .object({ name: z.string() })
    .transform(({ name }) => ({ isDraft: false, listed: { name, isPrerelease: false } })),
]);
const Page = z.object({
  nodes: z.array(Named.nullable()),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
});
const Repository = z.object({ names: Page.nullable() });

function dated(at: string | null | undefined): Pick<ListedName, 'publishedAt'> {
  const publishedAt = Date.parse(at ?? '');
  return Number.isNaN(publishedAt) ? {} : { publishedAt };
}

function pageOf({ nodes, pageInfo }: z.infer<typeof Page>): NamePage {
  const published = nodes.filter((node) => node !== null).filter((node) => !node.isDraft);
  return {
    names: published.map(({ listed }) => listed),
    next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
  };
}
