import { z } from 'zod';
import type { Asset } from '../store.ts';
import { sha256Of } from './assets.ts';
import { listReleases } from './list-releases.ts';
import { queryByTag } from './query-by-tag.ts';
import { releaseByTag, type RemoteRelease } from './remote-release.ts';
import { isAnonymous, type Remote } from './remote.ts';

/** A published release as GraphQL shows it, cheaply and many at once. */
export interface FoundRelease {
  readonly id: number;
  readonly tag: string;
  readonly title: string;
  readonly notes: string;
  /** Undefined where the answer does not say. */
  readonly isLatest?: boolean | undefined;
  readonly isImmutable: boolean;
  /** Milliseconds since 1970. */
  readonly publishedAt?: number | undefined;
  readonly assets: readonly Asset[];
}

const tagsPerQuery = 100; // with their assets about 150 kB of answer; 580 releases in 6 queries

const Page = z.object({
  nodes: z.array(z.object({ name: z.string(), size: z.number(), digest: z.string().nullish() })),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
});
const Found = z.object({
  databaseId: z.number(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  isDraft: z.boolean(),
  isLatest: z.boolean().optional(),
  immutable: z.boolean().default(false),
  publishedAt: z.string().nullish(),
  releaseAssets: Page,
});

const pageFields = 'nodes { name size digest } pageInfo { hasNextPage endCursor }';
const fields = `databaseId name description isDraft isLatest immutable publishedAt releaseAssets(first: 100) { ${pageFields} }`;

/** The published releases among `tags`, by tag. */
export async function findReleases(
  remote: Remote,
  tags: readonly string[],
): Promise<ReadonlyMap<string, FoundRelease>> {
  if (isAnonymous(remote)) return findAnonymously(remote, tags);
  const nodes = await queryByTag(remote, tags, { fields, schema: Found, perQuery: tagsPerQuery });
  const found = new Map<string, FoundRelease>();
  for (const [tag, node] of nodes) {
    // To who may push, GraphQL may show a leftover draft in place of the published release.
    const release = node.isDraft ? await releaseByTag(remote, tag) : await fromNode(remote, tag, node);
    if (release !== undefined) found.set(tag, release);
  }
  return found;
}

async function fromNode(remote: Remote, tag: string, node: z.infer<typeof Found>): Promise<FoundRelease> {
  const { databaseId: id, name, description, isLatest, immutable, publishedAt } = node;
  const assets = [...node.releaseAssets.nodes];
  let { pageInfo } = node.releaseAssets;
  while (pageInfo.hasNextPage) {
    const after = JSON.stringify(pageInfo.endCursor);
    const more = `releaseAssets(first: 100, after: ${after}) { ${pageFields} }`;
    const schema = z.object({ releaseAssets: Page });
    const next = (await queryByTag(remote, [tag], { fields: more, schema, perQuery: 1 })).get(tag);
    if (next === undefined) break;
    for (const asset of next.releaseAssets.nodes) assets.push(asset);
    ({ pageInfo } = next.releaseAssets);
  }
  return {
    id,
    tag,
    title: name ?? '',
    notes: description ?? '',
    isLatest,
    isImmutable: immutable,
    publishedAt: Date.parse(publishedAt ?? '') || undefined,
    assets: assets.map((asset) => ({ name: asset.name, size: asset.size, sha256: sha256Of(asset.digest) })),
  };
}

const askOneByOne = 3; // more at once, and pages of 100 are cheaper for somebody with 60 requests an hour

/** GraphQL answers nobody without a token. */
async function findAnonymously(
  remote: Remote,
  tags: readonly string[],
): Promise<ReadonlyMap<string, FoundRelease>> {
  const wanted = new Set(tags);
  const found = new Map<string, RemoteRelease>();
  const listing = wanted.size > askOneByOne ? await listReleases(remote) : undefined;
  for (const release of listing?.releases ?? []) {
    if (wanted.has(release.tag)) found.set(release.tag, release);
  }
  for (const tag of listing?.isWhole === true ? [] : wanted) {
    const release = found.get(tag) ?? (await releaseByTag(remote, tag));
    if (release !== undefined) found.set(tag, release);
  }
  return found;
}
