import { Agent, fetch, type Response } from 'undici';
import { UserError } from '../diagnostics/user-error.ts';
import type { HttpAnswer, HttpRequest } from '../ports/http.ts';
import { answerBody } from './answer-body.ts';
import { idleLimit } from './idle-limit.ts';
import { mirrored, type Mirrors } from './mirrors.ts';

export interface ExchangeOptions {
  readonly mirrors: Mirrors;
  readonly userAgent: string;
  readonly githubToken?: string | undefined;
  /** `host` or `host:port` of GitHub's API; nobody else sees the token. */
  readonly githubHosts: readonly string[];
  /** Milliseconds without a byte before an attempt is given up. */
  readonly idleMs: number;
}

/** A request that can be given up. */
export interface StoppableRequest extends HttpRequest {
  readonly signal?: AbortSignal | undefined;
}

// The undici inside Node.js 24 ends the whole process on an assertion when a server closes the connection after a
// body that is read slowly (nodejs/undici#5360). Its own dispatcher keeps the package from using the one inside.
const dispatcher = new Agent();

const maxRedirects = 10; // browsers stop at 20; no upstream of ours needs more than 3
const redirects = new Set([301, 302, 303, 307, 308]);

/** One attempt: follows redirects itself, so that each hop gets only the credentials meant for it. */
export async function exchange(
  url: string,
  request: StoppableRequest,
  options: ExchangeOptions,
): Promise<HttpAnswer> {
  let asked = parseAddress(url, url);
  let { method = 'GET', body } = request;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const target = parseAddress(mirrored(asked.href, options.mirrors), url);
    const idle = idleLimit(options.idleMs, request.signal);
    idle.start();
    const response = await send(target, {
      method,
      body,
      idle,
      headers: headersFor(target, url, request, options),
    });
    const location = redirects.has(response.status) ? response.headers.get('location') : null;
    if (location === null) {
      const empty = new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
      const answer = response.body === null ? empty : answerBody(response.body, url, idle, request.signal);
      return { status: response.status, headers: response.headers, url: target.href, body: answer };
    }
    await response.body?.cancel().catch(() => {}); // broken already
    const next = parseAddress(
      URL.canParse(location, target.href) ? new URL(location, target).href : location,
      url,
    );
    if (asked.protocol === 'https:' && target.protocol === 'https:' && next.protocol === 'http:') {
      throw new UserError(`${url}: expected https all the way, got a redirect to http://${next.host}`);
    }
    asked = next;
    if (response.status < 307 && method === 'POST') {
      method = 'GET';
      body = undefined;
    }
  }
  throw new UserError(`${url}: expected at most ${maxRedirects} redirects, got more`);
}

interface Sending {
  readonly method: string;
  readonly body: string | undefined;
  readonly headers: Headers;
  readonly idle: ReturnType<typeof idleLimit>;
}

async function send(target: URL, { method, body, headers, idle }: Sending): Promise<Response> {
  try {
    return await fetch(target, {
      method,
      dispatcher,
      headers: Object.fromEntries(headers),
      redirect: 'manual',
      body: body ?? null,
      signal: idle.signal,
    });
  } finally {
    idle.stop();
  }
}

function headersFor(target: URL, url: string, request: StoppableRequest, options: ExchangeOptions): Headers {
  const headers = new Headers(request.headers);
  headers.set('user-agent', options.userAgent);
  if (new URL(url).origin !== target.origin) {
    headers.delete('authorization');
    headers.delete('cookie');
  }
  if (options.githubToken !== undefined && mayHaveToken(target, options.githubHosts)) {
    headers.set('authorization', `Bearer ${options.githubToken}`);
  }
  return headers;
}

function mayHaveToken(target: URL, githubHosts: readonly string[]): boolean {
  const isPrivate =
    target.protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(target.hostname);
  return isPrivate && githubHosts.includes(target.host);
}

function parseAddress(address: string, url: string): URL {
  const subject = address === url ? url : `${url}: "${address}"`;
  if (!URL.canParse(address)) throw new UserError(`${subject}: expected an address like https://HOST/PATH`);
  const parsed = new URL(address);
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
    throw new UserError(`${subject}: expected https:// or http://, got ${parsed.protocol}`);
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new UserError(`${parsed.host}: expected an address without user name and password`);
  }
  return parsed;
}
