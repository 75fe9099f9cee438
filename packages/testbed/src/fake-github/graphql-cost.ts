import {
  getNamedType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { z } from 'zod';
import { pageSize } from './graphql-connection.ts';

export interface Cost {
  /** What the query takes from the hourly budget. */
  readonly points: number;
  /** How many nodes it could answer with at most. */
  readonly nodes: number;
}

export const maxNodes = 500_000;

const Page = z.object({ first: z.number().nullish(), last: z.number().nullish() });

/**
 * By GitHub’s rules: a connection of `first: 100` inside one of `first: 50` takes 50 requests and holds
 * 5,000 nodes; points are all requests divided by 100. The document must be valid.
 * https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): Cost {
  let requests = 0;
  let nodes = 0;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      walk(definition.selectionSet, schema.getQueryType() ?? undefined, 1);
    }
  }
  return { nodes, points: Math.max(1, Math.round(requests / 100)) };

  /** Counts below one selection set that is asked for `times` times. */
  function walk(set: SelectionSetNode | undefined, type: GraphQLNamedType | undefined, times: number): void {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        walkField(selection, type, times);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const { typeCondition } = selection;
        walk(
          selection.selectionSet,
          typeCondition === undefined ? type : schema.getType(typeCondition.name.value),
          times,
        );
      } else {
        const fragment = document.definitions
          .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
          .find((definition) => definition.name.value === selection.name.value);
        walk(fragment?.selectionSet, schema.getType(fragment?.typeCondition.name.value ?? ''), times);
      }
    }
  }

  function walkField(field: FieldNode, parent: GraphQLNamedType | undefined, times: number): void {
    const definition = isObjectType(parent) ? parent.getFields()[field.name.value] : undefined;
    const type = definition === undefined ? undefined : getNamedType(definition.type);
    const isConnection = type?.name.endsWith('Connection') ?? false;
    const size = isConnection ? pageSize(field.name.value, pageOf(field, variables)) : 1;
    if (isConnection) {
      requests += times;
      nodes += times * size;
    }
    walk(field.selectionSet, type, times * size);
  }
}

function pageOf(field: FieldNode, variables: Readonly<Record<string, unknown>>): z.infer<typeof Page> {
  const values = (field.arguments ?? []).map((argument) => [
    argument.name.value,
    valueFromASTUntyped(argument.value, { ...variables }),
  ]);
  return Page.parse(Object.fromEntries(values));
}
