import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';
import type { GithubClient } from './client.ts';

const Answer = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        type: z.string().optional(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
      }),
    )
    .optional(),
});

export class GraphqlError extends UserError {}

/** Sends a query (never a mutation: it may be sent twice) and parses its `data`. */
export async function graphql<T>(
  client: GithubClient,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  schema: z.ZodType<T>,
): Promise<T> {
  const { data, errors } = await send(client, { query, variables });
  if (errors.length > 0)
    throw new GraphqlError('github.unexpected', errors.map((error) => error.message).join('; '));
  return read(client, schema, data);
}

/**
 * Sends a query of independent fields; those that failed, by their alias, are left out of the answer. `retries`
 * is how often GitHub is asked again when it fails, as often as usual when left out.
 */
export async function graphqlPartly<T>(
  client: GithubClient,
  query: string,
  schema: z.ZodType<T>,
  { retries }: { readonly retries?: number } = {},
): Promise<ReadonlyMap<string, T>> {
  const request = retries === undefined ? {} : { request: { retries } };
  const { data, errors } = await send(client, { query, ...request });
  const whole = errors.filter(({ path }) => path?.[0] === undefined);
  if (whole.length > 0)
    throw new GraphqlError('github.unexpected', whole.map((error) => error.message).join('; '));
  const failed = new Set(errors.map(({ path }) => path?.[0]));
  const fields = read(client, z.record(z.string(), z.unknown()), data);
  const answered = Object.entries(fields).filter(([alias, value]) => value !== null && !failed.has(alias));
  return new Map(answered.map(([alias, value]) => [alias, read(client, schema, value)]));
}

/** What GitHub, or who stands between, answered in another shape than it documents. */
function read<T>({ config }: GithubClient, schema: z.ZodType<T>, data: unknown): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new GraphqlError(
    'github.unexpected',
    `${config.graphqlUrl}: expected an answer of GitHub’s GraphQL: at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}

async function send(client: GithubClient, body: Readonly<Record<string, unknown>>) {
  // Not octokit.graphql(): that derives its URL from the REST one, and GITHUB_GRAPHQL_URL may differ.
  const response = await client.octokit.request(`POST ${client.config.graphqlUrl}`, body);
  const { data, errors } = read(client, Answer, response.data);
  if (data === undefined && errors === undefined) {
    throw new GraphqlError(
      'github.unexpected',
      `GraphQL: expected data or errors, got ${JSON.stringify(response.data)}`,
    );
  }
  return { data, errors: errors ?? [] };
}
