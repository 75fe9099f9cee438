import { z } from 'zod';
import type { GithubClient } from './client.ts';
import { OutOfBudget } from './out-of-budget.ts';

const Answer = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ message: z.string(), type: z.string().optional() })).optional(),
});

export class GraphqlError extends Error {
  override readonly name = 'GraphqlError';
}

/** Sends a query (never a mutation: it may be sent twice) and parses its `data`. */
export async function graphql<T>(
  client: GithubClient,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  schema: z.ZodType<T>,
): Promise<T> {
  // Not octokit.graphql(): that derives its URL from the REST one, and GITHUB_GRAPHQL_URL may differ.
  const response = await client.octokit.request(`POST ${client.config.graphqlUrl}`, { query, variables });
  const { data, errors = [] } = Answer.parse(response.data);
  if (errors.some(({ type }) => type === 'RATE_LIMITED')) {
    const reset = Number(response.headers['x-ratelimit-reset'] ?? Number.NaN);
    throw new OutOfBudget('GraphQL: GitHub’s request limit is reached', reset);
  }
  if (errors.length > 0) throw new GraphqlError(errors.map((error) => error.message).join('; '));
  return schema.parse(data);
}
