import { z } from 'zod';
import { graphql, GraphqlError } from '../../github/graphql.ts';
import { isUncertain } from '../../github/refusal.ts';
import type { Remote } from './remote.ts';

export interface TagQuery<T> {
  /** GraphQL fields of a release. */
  readonly fields: string;
  readonly schema: z.ZodType<T>;
  readonly perQuery: number;
}

/** Asks for many releases by tag in few queries; tags without one are left out. */
export async function queryByTag<T>(
  remote: Remote,
  tags: readonly string[],
  query: TagQuery<T>,
): Promise<ReadonlyMap<string, T>> {
  const found = new Map<string, T>();
  for (let start = 0; start < tags.length; start += query.perQuery) {
    const batch = tags.slice(start, start + query.perQuery);
    for (const [tag, node] of await queryBatch(remote, batch, query)) found.set(tag, node);
  }
  return found;
}

async function queryBatch<T>(
  remote: Remote,
  tags: readonly string[],
  query: TagQuery<T>,
): Promise<ReadonlyMap<string, T>> {
  const { owner, repo, client } = remote;
  const aliases = tags.map((tag, n) => `t${n}: release(tagName: ${JSON.stringify(tag)}) { ${query.fields} }`);
  const text = `query($owner: String!, $repo: String!) {
    repository(owner: $owner, name: $repo) { ${aliases.join('\n')} }
  }`;
  const schema = z.object({ repository: z.record(z.string(), query.schema.nullable()) });
  try {
    const { repository } = await graphql(client, text, { owner, repo }, schema);
    const nodes = tags.map((tag, n) => [tag, repository[`t${n}`]] as const);
    return new Map(
      nodes.flatMap(([tag, node]) => (node === undefined || node === null ? [] : [[tag, node]])),
    );
  } catch (error) {
    const less = withoutUnknownField(error, query);
    if (less !== undefined) return queryBatch(remote, tags, less);
    // A query that takes GitHub over ten seconds ends in a 502: ask for less at a time.
    if (!isUncertain(error) || tags.length === 1) throw error;
    return queryByTag(remote, tags, { ...query, perQuery: Math.ceil(tags.length / 4) });
  }
}

/** Enterprise Servers lack what was added lately: `digest` in June 2025, `immutable` in October. */
function withoutUnknownField<T>(error: unknown, query: TagQuery<T>): TagQuery<T> | undefined {
  const message = error instanceof GraphqlError ? error.message : '';
  const [, field] = /Field '(digest|immutable|isLatest)' doesn't exist/.exec(message) ?? [];
  return field === undefined ? undefined : { ...query, fields: query.fields.replace(` ${field} `, ' ') };
}
