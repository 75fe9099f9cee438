import type { Host } from './call.ts';

export interface LoggedRequest {
  /** Counts from 1, over all hosts. */
  readonly n: number;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** `METHOD /template`, or `unknown`. */
  readonly route: string;
  readonly host: Host;
  /** Changes something: everything but GET, HEAD and GraphQL queries. */
  readonly isWrite: boolean;
  /** Undefined while it runs, and when it was cut off without an answer. */
  status: number | undefined;
}

export interface RequestLog {
  readonly all: readonly LoggedRequest[];
  readonly add: (request: Omit<LoggedRequest, 'n' | 'isWrite' | 'status'>) => LoggedRequest;
  readonly count: (kind: 'all' | 'reads' | 'writes', hosts?: readonly Host[]) => Map<string, number>;
  /** Forgets what was logged; `n` goes on. */
  readonly clear: () => void;
}

export function requestLog(): RequestLog {
  const all: LoggedRequest[] = [];
  let n = 0;
  return {
    all,
    add: (request) => {
      n += 1;
      const isRead = ['GET', 'HEAD'].includes(request.method) || request.host === 'graphql';
      const entry = { ...request, n, isWrite: !isRead, status: undefined };
      all.push(entry);
      return entry;
    },
    count: (kind, hosts) => {
      const counts = new Map<string, number>();
      for (const { route, host, isWrite } of all) {
        if ((kind === 'all' || isWrite === (kind === 'writes')) && (hosts?.includes(host) ?? true)) {
          counts.set(route, (counts.get(route) ?? 0) + 1);
        }
      }
      return counts;
    },
    clear: () => {
      all.length = 0;
    },
  };
}
