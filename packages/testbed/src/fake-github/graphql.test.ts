import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { z } from 'zod';
import { startFakeGithub, type FakeGithub } from './fake-github.ts';
import { octokitFor } from './octokit-for-tests.ts';

let fake: FakeGithub;

beforeEach(async () => {
  fake = await startFakeGithub({ clock: () => Date.parse('2026-11-01T12:00:00Z') });
  fake.addRepo('baker/bakery');
});

afterEach(async () => {
  expect(fake.violations()).toEqual([]);
  await fake[Symbol.asyncDispose]();
});

const Answer = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ type: z.string().optional(), message: z.string() })).optional(),
});

async function ask(
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  token = 'test-token',
): Promise<z.infer<typeof Answer>> {
  const answer = await fetch(fake.graphqlUrl, {
    method: 'POST',
    body: JSON.stringify({ query, variables }),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  return Answer.parse(await answer.json());
}

const inBakery = (fields: string): string => `{ repository(owner: "baker", name: "bakery") { ${fields} } }`;

it('answers octokit.graphql', async () => {
  fake.addRelease('baker/bakery', { tag: 'v1', latest: true, assets: [{ name: 'a', text: 'a' }] });
  const answer = await octokitFor(fake).graphql(
    `query ($owner: String!, $name: String!) {
      repository(owner: $owner, name: $name) {
        releases(first: 10, orderBy: { field: CREATED_AT, direction: DESC }) {
          nodes {
            tagName isDraft isPrerelease isLatest createdAt publishedAt
            releaseAssets(first: 100) { totalCount nodes { name size digest downloadUrl } }
          }
          pageInfo { hasNextPage endCursor }
        }
      }
      rateLimit { cost remaining nodeCount }
    }`,
    { owner: 'baker', name: 'bakery' },
  );
  expect(answer).toMatchObject({
    repository: {
      releases: {
        nodes: [
          {
            tagName: 'v1',
            isLatest: true,
            releaseAssets: {
              totalCount: 1,
              nodes: [
                {
                  name: 'a',
                  size: 1,
                  digest: 'sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
                  downloadUrl: `${fake.serverUrl}/baker/bakery/releases/download/v1/a`,
                },
              ],
            },
          },
        ],
        pageInfo: { hasNextPage: false },
      },
    },
    rateLimit: { cost: 1, remaining: 999, nodeCount: 1010 },
  });
});

it('finds many tags in one query, drafts only for those who may push', async () => {
  fake.addRelease('baker/bakery', { tag: 'v1' });
  fake.addRelease('baker/bakery', { tag: 'v2', draft: true });
  fake.addToken('reader', { contents: 'read' });
  const query = inBakery(
    'a: release(tagName: "v1") {...R} b: release(tagName: "v2") {...R} c: release(tagName: "v3") {...R}',
  );
  const fragment = 'fragment R on Release { tagName isDraft }';
  const published = { tagName: 'v1', isDraft: false };
  expect((await ask(`${query} ${fragment}`)).data).toEqual({
    repository: { a: published, b: { tagName: 'v2', isDraft: true }, c: null },
  });
  expect((await ask(`${query} ${fragment}`, {}, 'reader')).data).toEqual({
    repository: { a: published, b: null, c: null },
  });
});

it('pages through releases and refs', async () => {
  for (let number = 1; number <= 5; number += 1) {
    fake.addRelease('baker/bakery', { tag: `v${number}` });
  }
  const page =
    'query ($after: String) { repository(owner: "baker", name: "bakery") { releases(first: 3, after: $after) { nodes { tagName } pageInfo { hasNextPage endCursor } } } }';
  const Page = z.object({
    repository: z.object({
      releases: z.object({
        nodes: z.array(z.object({ tagName: z.string() })),
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string() }),
      }),
    }),
  });
  const first = Page.parse((await ask(page)).data).repository.releases;
  const second = Page.parse((await ask(page, { after: first.pageInfo.endCursor })).data).repository.releases;
  expect([...first.nodes, ...second.nodes].map(({ tagName }) => tagName)).toEqual([
    'v5',
    'v4',
    'v3',
    'v2',
    'v1',
  ]);
  expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
  const refs =
    'refs(refPrefix: "refs/tags/", first: 2, query: "v", orderBy: { field: ALPHABETICAL, direction: DESC }) { totalCount nodes { name target { oid } } }';
  const oid = fake.repo('baker/bakery').branches.get('main');
  expect((await ask(inBakery(refs))).data).toEqual({
    repository: {
      refs: {
        totalCount: 5,
        nodes: [
          { name: 'v5', target: { oid } },
          { name: 'v4', target: { oid } },
        ],
      },
    },
  });
});

it.each([
  ['no page size', 'releases { totalCount }', 'MISSING_PAGINATION_BOUNDARIES'],
  ['a page too large', 'releases(first: 101) { totalCount }', 'EXCESSIVE_PAGINATION'],
  [
    'too many nodes',
    Array.from(
      { length: 50 },
      (_, index) => `a${index}: releases(first: 100) { nodes { releaseAssets(first: 100) { totalCount } } }`,
    ).join(' '),
    'MAX_NODE_LIMIT_EXCEEDED',
  ],
])('refuses %s', async (_, fields, type) => {
  expect((await ask(inBakery(fields))).errors).toMatchObject([{ type }]);
});

it('refuses fields that are not in the schema', async () => {
  const { errors } = await ask(inBakery('release(tagName: "a") { assets }'));
  expect(errors?.[0]?.message).toContain('Cannot query field "assets" on type "Release"');
});

it('says so when there is no such repository, and charges for it', async () => {
  const answer = await ask('{ repository(owner: "a", name: "b") { id } rateLimit { used } }');
  expect(answer).toMatchObject({
    data: { repository: null, rateLimit: { used: 1 } },
    errors: [{ type: 'NOT_FOUND' }],
  });
});

it('costs a point for each hundred requests within, fragments and aliases counted', async () => {
  const query = inBakery('a: releases(first: 100) {...C} b: releases(first: 100) {...C}').replace(
    /\}$/,
    'rateLimit { cost nodeCount } }',
  );
  const fragment = 'fragment C on ReleaseConnection { nodes { releaseAssets(first: 10) { totalCount } } }';
  expect((await ask(`${query} ${fragment}`)).data).toMatchObject({
    rateLimit: { cost: 2, nodeCount: 2200 },
  });
});

it('needs a token', async () => {
  const answer = await fetch(fake.graphqlUrl, { method: 'POST', body: '{"query":"{ rateLimit { cost } }"}' });
  expect(answer.status).toBe(401);
});
