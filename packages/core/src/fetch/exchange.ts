import { Agent, fetch, type Response } from 'undici';
import { UserError } from '../diagnostics/user-error.ts';
import type { HttpAnswer, HttpRequest } from '../ports/http.ts';
import { answerBody } from './answer-body.ts';
import { idleLimit } from './idle-limit.ts';
import type { MinimumRate } from './minimum-rate.ts';
import { mirrored, type Mirrors } from './mirrors.ts';
import { isPrivateHost, publicDispatcher, refusal } from './public-address.ts';

export interface ExchangeOptions {
  readonly mirrors: Mirrors;
  readonly userAgent: string;
  readonly githubToken?: string | undefined;
  /** `host` or `host:port` of GitHub's API; nobody else sees the token. */
  readonly githubHosts: readonly string[];
  /** Milliseconds without a byte before an attempt is given up. */
  readonly idleMs: number;
  /** What a body must bring on the average; `minimumRate` by default. */
  readonly rate?: MinimumRate | undefined;
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
  const named = namedHosts(asked, options.mirrors);
  const first = mirrored(asked.href, options.mirrors);
  const plain = plainMirrors(options.mirrors);
  let isSecure = asked.protocol === 'https:';
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const target = parseAddress(mirrored(asked.href, options.mirrors), url);
    const idle = idleLimit(options.idleMs, request.signal);
    const isNamed = named.has(target.hostname);
    if (!isNamed && isPrivateHost(target.hostname)) throw redirectedTo(url, refusal(target.hostname));
    idle.start();
    const response = await send(target, {
      url,
      dispatcher: isNamed ? dispatcher : publicDispatcher,
      method,
      body,
      idle,
      headers: headersFor(target, { url, first }, request, options),
    });
    const location = redirects.has(response.status) ? response.headers.get('location') : null;
    if (location === null) {
      const empty = new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
      const answer =
        response.body === null
          ? empty
          : answerBody(response.body, url, idle, { stopped: request.signal, rate: options.rate });
      return { status: response.status, headers: response.headers, url: target.href, body: answer };
    }
    await response.body?.cancel().catch(() => {}); // broken already
    const next = parseAddress(
      URL.canParse(location, target.href) ? new URL(location, target).href : location,
      url,
    );
    const following = parseAddress(mirrored(next.href, options.mirrors), url);
    if (isSecure && following.protocol === 'http:' && !plain.has(following.host)) {
      throw new UserError(
        'fetch.redirect',
        `${url}: expected https all the way, got a redirect to http://${next.host}`,
        {
          hint: 'if that is right, add a mirror for that host (mirrors: in bakery.yaml)',
        },
      );
    }
    asked = next;
    isSecure ||= next.protocol === 'https:';
    if (response.status < 307 && method === 'POST') {
      method = 'GET';
      body = undefined;
    }
  }
  throw new UserError('fetch.redirect', `${url}: expected at most ${maxRedirects} redirects, got more`);
}

/** Who is trusted to be anywhere: the address that was asked for, and what mirrors stand for it. */
function namedHosts(asked: URL, mirrors: Mirrors): ReadonlySet<string> {
  const targets = mirrors.flatMap(({ target }) => URL.parse(target)?.hostname ?? []);
  return new Set([asked.hostname, ...targets]);
}

/** Whom a mirror lets speak without https. */
function plainMirrors(mirrors: Mirrors): ReadonlySet<string> {
  const targets = mirrors.flatMap(({ target }) => URL.parse(target) ?? []);
  return new Set(targets.filter(({ protocol }) => protocol === 'http:').map(({ host }) => host));
}

function redirectedTo(url: string, { code, message, hint }: UserError): UserError {
  return new UserError(code, `${url}: ${message}`, hint === undefined ? {} : { hint });
}

interface Sending {
  readonly url: string;
  readonly dispatcher: Agent;
  readonly method: string;
  readonly body: string | undefined;
  readonly headers: Headers;
  readonly idle: ReturnType<typeof idleLimit>;
}

async function send(
  target: URL,
  { url, dispatcher: by, method, body, headers, idle }: Sending,
): Promise<Response> {
  try {
    return await fetch(target, {
      method,
      dispatcher: by,
      headers: Object.fromEntries(headers),
      redirect: 'manual',
      body: body ?? null,
      signal: idle.signal,
    });
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    throw cause instanceof UserError ? redirectedTo(url, cause) : error;
  } finally {
    idle.stop();
  }
}

/** Whatever proves who we are goes to the host that was asked for, and to none that a redirect names. */
function headersFor(
  target: URL,
  { url, first }: { readonly url: string; readonly first: string },
  request: StoppableRequest,
  options: ExchangeOptions,
): Headers {
  const headers = new Headers(request.headers);
  headers.set('user-agent', options.userAgent);
  if (new URL(url).origin !== target.origin) {
    headers.delete('authorization');
    headers.delete('cookie');
  }
  const isFirst = new URL(first).origin === target.origin;
  if (options.githubToken !== undefined && isFirst && mayHaveToken(target, options.githubHosts)) {
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
  if (!URL.canParse(address))
    throw new UserError('fetch.address', `${subject}: expected an address like https://HOST/PATH`);
  const parsed = new URL(address);
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
    throw new UserError('fetch.address', `${subject}: expected https:// or http://, got ${parsed.protocol}`);
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new UserError(
      'fetch.address',
      `${parsed.host}: expected an address without user name and password`,
    );
  }
  return parsed;
}
