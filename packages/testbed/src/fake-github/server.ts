import type { IncomingMessage, ServerResponse } from 'node:http';
import { notFound, type Answer } from './answer.ts';
import type { Host, Route } from './call.ts';
import { Cut, perform, violation, type Exchange, type Parts } from './exchange.ts';
import { answerQuery } from './graphql.ts';
import type { RateLimit } from './rate-limit.ts';
import type { LoggedRequest } from './request-log.ts';
import { routeName, routeTable } from './route-table.ts';
import { routes } from './routes.ts';
import { send } from './send.ts';

/** Path prefixes of the hosts, as GitHub Enterprise Server has them on its one host name. */
export const prefixes: readonly (readonly [Host, string])[] = [
  ['graphql', '/graphql'], // as on api.github.com, so that what treats that path as special does so here
  ['graphql', '/api/graphql'],
  ['uploads', '/api/uploads'],
  ['api', '/api/v3'],
  ['web', ''],
];

const maxConcurrent = 100; // GitHub refuses the 101st request at the same time

export function requestListener(
  parts: Parts,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const match = routeTable([...routes, graphqlRoute(parts.limits)]);
  const running = new Set<LoggedRequest>();
  return async (request, response) => {
    const { url, host, path } = place(request, parts.world.urls.serverUrl);
    const found = match(request.method === 'HEAD' ? 'GET' : (request.method ?? ''), host, path);
    const route = found === undefined ? 'unknown' : routeName(found.route);
    const method = request.method ?? '';
    const entry = parts.log.add({ method, path: `${url.pathname}${url.search}`, route, host });
    if (host !== 'web') {
      running.add(entry);
    }
    try {
      const exchange = { parts, request, url, entry, faults: parts.faults.take(route) };
      const answer =
        found === undefined
          ? unknownRoute(exchange)
          : await perform(exchange, found.route, found.params, running.size > maxConcurrent);
      entry.status = answer.status;
      if (answer.status >= 400) {
        request.resume();
      }
      await send(request, response, answer);
    } catch (error) {
      if (error instanceof Cut || request.socket.destroyed || response.headersSent) {
        request.socket.destroy();
      } else {
        const flaw = error instanceof Error ? (error.stack ?? error.message) : String(error);
        await send(request, response, violation(parts, entry, 'the fake failed', flaw));
      }
    } finally {
      running.delete(entry);
      parts.over(entry);
    }
  };
}

interface Place {
  readonly url: URL;
  readonly host: Host;
  /** Below the prefix of the host. */
  readonly path: string;
}

function place(request: IncomingMessage, serverUrl: string): Place {
  const url = new URL(`${serverUrl}${request.url ?? '/'}`);
  const [host, prefix] = prefixes.find(([, start]) => url.pathname.startsWith(start)) ?? ['web', ''];
  return { url, host, path: url.pathname.slice(prefix.length) || '/graphql' };
}

/** Pages of the web site are nobody’s business; an API call that nobody answers here is a mistake. */
function unknownRoute({ parts, entry }: Exchange): Answer {
  return entry.host === 'web' ? notFound : violation(parts, entry, 'the fake has no such route', 'add it');
}

function graphqlRoute(limits: RateLimit): Route {
  return {
    kind: 'plain',
    method: 'POST',
    template: '/graphql',
    host: 'graphql',
    handle: (call) => answerQuery(call, limits),
  };
}
