import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fetchHttp } from '@bakery/core/src/fetch/http.ts';
import type { Mirrors } from '@bakery/core/src/fetch/mirrors.ts';
import type { Http } from '@bakery/core/src/ports/http.ts';
import { silentReport } from '@bakery/core/src/ports/report.ts';
import { patientServer } from './patient-server.ts';

/** What a route answers: a body with status 200, or all of it. */
export type Route = string | Uint8Array | RouteAnswer | ((request: UpstreamRequest) => RouteAnswer | string);

export interface RouteAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface UpstreamRequest {
  readonly method: string;
  /** Path with the query. */
  readonly url: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

/** An HTTP server on 127.0.0.1 that stands for somebody else’s. */
export interface Upstream extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  readonly url: string;
  /** Every request so far, in order. */
  readonly requests: readonly UpstreamRequest[];
  /** How often a path (with query, or without any) was asked for. */
  count(path: string): number;
}

/** Serves `routes` (path with query, or path alone → answer); anything else is a 404. Routes may be added later. */
export async function startUpstream(routes: Record<string, Route>): Promise<Upstream> {
  const requests: UpstreamRequest[] = [];
  const server = createServer(patientServer, (incoming, response) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const { pathname, searchParams: query } = new URL(url, 'http://upstream');
    const request = { method, url, query, headers };
    requests.push(request);
    send(response, method, routes[url] ?? routes[pathname], request);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    count: (path) => requests.filter(({ url }) => url === path || url.split('?')[0] === path).length,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The real HTTP adapter with somebody else’s addresses mapped to an upstream; it asks once and never waits. */
export function upstreamHttp(mirrors: Mirrors = []): Http {
  return fetchHttp({
    mirrors,
    userAgent: 'bakery-test',
    githubHosts: [],
    offline: false,
    report: silentReport,
    sleep: () => Promise.resolve(),
    random: () => 0,
    now: () => 0,
    attempts: 1,
  });
}

function send(
  response: ServerResponse,
  method: string,
  route: Route | undefined,
  request: UpstreamRequest,
): void {
  const answer = route === undefined ? { status: 404, body: 'not here' } : answerOf(route, request);
  const body = Buffer.from(answer.body ?? '');
  response.writeHead(answer.status ?? 200, { 'content-length': body.length, ...answer.headers });
  response.end(method === 'HEAD' ? undefined : body);
}

function answerOf(route: Route, request: UpstreamRequest): RouteAnswer {
  const answer = typeof route === 'function' ? route(request) : route;
  return typeof answer === 'string' || answer instanceof Uint8Array ? { body: answer } : answer;
}
