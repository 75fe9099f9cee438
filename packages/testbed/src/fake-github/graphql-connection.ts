import { GraphQLError } from 'graphql';

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

export interface Connection<T> {
  readonly nodes: readonly T[];
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly totalCount: number;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

const maxPage = 100;

/** A page of `items`. `reach` is how many the connection goes up to; `totalCount` counts all the same. */
export function connection<Item, Node>(
  field: string,
  items: readonly Item[],
  args: PageArguments,
  toNode: (item: Item) => Node,
  reach = Number.POSITIVE_INFINITY,
): Connection<Node> {
  const size = pageSize(field, args);
  const from = args.after === null || args.after === undefined ? 0 : positionOf(args.after) + 1;
  const to = args.before === null || args.before === undefined ? items.length : positionOf(args.before);
  const last = Math.min(to, items.length, reach);
  const start = args.first === null || args.first === undefined ? Math.max(from, last - size) : from;
  const end = Math.min(last, start + size);
  const edges = items.slice(start, end).map((item, index) => ({
    cursor: cursorOf(start + index),
    node: toNode(item),
  }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    totalCount: items.length,
    pageInfo: {
      hasNextPage: end < Math.min(items.length, reach),
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** How many nodes a connection may have by its arguments; GitHub wants a bound on every one. */
export function pageSize(field: string, { first, last }: PageArguments): number {
  const size = first ?? last;
  if (size === null || size === undefined) {
    throw new GraphQLError(
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${field}\` connection.`,
      { extensions: { type: 'MISSING_PAGINATION_BOUNDARIES' } },
    );
  }
  if (size < 0 || size > maxPage) {
    throw new GraphQLError(
      `Requesting ${size} records on the \`${field}\` connection exceeds the \`first\` limit of ${maxPage} records.`,
      { extensions: { type: 'EXCESSIVE_PAGINATION' } },
    );
  }
  return size;
}

function cursorOf(position: number): string {
  return Buffer.from(`cursor:${position}`).toString('base64');
}

function positionOf(cursor: string): number {
  const position = /^cursor:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1];
  if (position === undefined) {
    throw new GraphQLError(`\`${cursor}\` does not appear to be a valid cursor.`, {
      extensions: { type: 'INVALID_CURSOR_ARGUMENTS' },
    });
  }
  return Number(position);
}
