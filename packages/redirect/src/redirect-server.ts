import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, type Listening } from '@bakery/core/serve.ts';
import type { Answer } from './answers.ts';
import type { RedirectConfig } from './config.ts';
import { redirect } from './redirect.ts';

export interface RedirectServerOptions {
  /** Address to listen on; this machine alone by default. */
  readonly address?: string;
  /** Any free one by default. */
  readonly port?: number;
  /** Called once for each request when its answer ended. */
  readonly onAnswer?: (answer: RedirectLog) => void;
  /** How long answers under way may take once it is told to stop, in ms. */
  readonly stopGrace?: number;
}

export interface RedirectLog {
  readonly method: string;
  /** The request target as it came. */
  readonly path: string;
  readonly status: number;
  readonly location?: string;
  readonly client?: string;
  readonly agent?: string;
}

export type RedirectServer = Listening;

const defaultStopGrace = 5000; // ms; an answer is a few hundred bytes

/** The redirector as a server of its own. TLS is the business of what stands in front of it. */
export async function serveRedirects(
  config: RedirectConfig,
  options: RedirectServerOptions = {},
): Promise<RedirectServer> {
  const { address = '127.0.0.1', port = 0, onAnswer, stopGrace = defaultStopGrace } = options;
  const server = createServer({
    headersTimeout: 10_000, // ms; hosts send their few headers at once
    requestTimeout: 20_000, // ms
    keepAliveTimeout: 75_000, // ms; longer than a proxy in front keeps an idle connection (60 s is usual)
  });
  server.on('request', (request, response) => {
    const { method = '', url = '' } = request;
    const answer = redirect({ method, path: url }, config);
    if (onAnswer !== undefined) response.once('close', () => onAnswer(logOf(request, answer)));
    if (!server.listening) response.setHeader('Connection', 'close');
    send(answer, request, response);
  });
  return listen(server, { address, port, stopGrace });
}

function send({ status, headers, body }: Answer, request: IncomingMessage, response: ServerResponse): void {
  request.resume(); // nobody reads a body
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function logOf({ method = '', url = '', headers, socket }: IncomingMessage, answer: Answer): RedirectLog {
  const agent = headers['user-agent'];
  const client = socket.remoteAddress;
  return {
    method,
    path: url,
    status: answer.status,
    ...(answer.kind === 'redirect' && { location: answer.location }),
    ...(client !== undefined && { client }),
    ...(agent !== undefined && { agent }),
  };
}
