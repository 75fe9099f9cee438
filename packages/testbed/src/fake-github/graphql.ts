import { execute, GraphQLError, parse, validate, type DocumentNode } from 'graphql';
import { z } from 'zod';
import { canSee, has } from './access.ts';
import { failed, ok, type Answer } from './answer.ts';
import type { Call } from './call.ts';
import { costOf, maxNodes, type Cost } from './graphql-cost.ts';
import { repositoryNode } from './graphql-repository.ts';
import { schema } from './graphql-schema.ts';
import { iso } from './iso.ts';
import type { RateLimit } from './rate-limit.ts';
import { findRepo } from './state.ts';

const Query = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** Answers a query; every failure but a missing token is a 200 with `errors`, as on GitHub. */
export async function answerQuery(call: Call, limits: RateLimit): Promise<Answer> {
  if (call.caller.kind === 'anonymous') {
    return failed(401, 'This endpoint requires you to be authenticated.');
  }
  const request = Query.safeParse(call.body);
  if (!request.success) {
    return failed(400, 'A query attribute must be specified and must be a string.');
  }
  const { query } = request.data;
  const variables = request.data.variables ?? {};
  const prepared = prepare(query, variables);
  if ('errors' in prepared) {
    return ok({ errors: prepared.errors.map(errorJson) });
  }
  const refused = limits.chargePoints(call.caller, prepared.cost.points);
  if (refused !== undefined) {
    return rateLimited(refused);
  }
  const result = await execute({
    schema,
    document: prepared.document,
    variableValues: variables,
    operationName: request.data.operationName ?? null,
    rootValue: rootValue(call, limits, prepared.cost),
  });
  const errors = result.errors?.map(errorJson);
  return ok({ data: result.data ?? null, ...(errors === undefined ? {} : { errors }) });
}

type Prepared =
  | { readonly document: DocumentNode; readonly cost: Cost }
  | { readonly errors: readonly GraphQLError[] };

function prepare(query: string, variables: Readonly<Record<string, unknown>>): Prepared {
  try {
    const document = parse(query);
    const errors = validate(schema, document);
    if (errors.length > 0) {
      return { errors };
    }
    const cost = costOf(schema, document, variables);
    if (cost.nodes > maxNodes) {
      const message = `This query requests up to ${cost.nodes.toLocaleString('en')} possible nodes which exceeds the maximum limit of ${maxNodes.toLocaleString('en')}.`;
      return { errors: [new GraphQLError(message, { extensions: { type: 'MAX_NODE_LIMIT_EXCEEDED' } })] };
    }
    return { document, cost };
  } catch (error) {
    if (error instanceof GraphQLError) {
      return { errors: [error] };
    }
    throw error;
  }
}

function rootValue(call: Call, limits: RateLimit, cost: Cost): unknown {
  return {
    repository: ({ owner, name }: { readonly owner: string; readonly name: string }) => {
      const repo = findRepo(call.world.state, `${owner}/${name}`);
      if (repo === undefined || !canSee(call.caller, repo)) {
        throw new GraphQLError(`Could not resolve to a Repository with the name '${owner}/${name}'.`, {
          extensions: { type: 'NOT_FOUND' },
        });
      }
      const canPush = has(call.caller, repo, { area: 'contents', level: 'write' });
      return repositoryNode({ repo, world: call.world, canPush });
    },
    rateLimit: () => {
      const { limit, remaining, used, reset } = limits.standing(call.caller, 'graphql');
      return {
        limit,
        remaining,
        used,
        cost: cost.points,
        nodeCount: cost.nodes,
        resetAt: iso(reset * 1000),
      };
    },
  };
}

/** The primary limit is a 200 with an error here, the secondary one a 403 as everywhere. */
function rateLimited(refused: Answer): Answer {
  const isPrimary = refused.headers?.['x-ratelimit-remaining'] !== undefined;
  const message = 'API rate limit exceeded for installation.';
  return isPrimary ? ok({ errors: [{ type: 'RATE_LIMITED', message }] }, refused.headers) : refused;
}

function errorJson(error: GraphQLError): unknown {
  const { type } = error.extensions;
  return { ...(type === undefined ? {} : { type }), ...error.toJSON(), extensions: undefined };
}
