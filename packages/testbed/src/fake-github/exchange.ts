import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { canSee, has, identify, refusal, type Caller, type Permissions } from './access.ts';
import { failed, notFound, type Answer } from './answer.ts';
import type { Call, Route, World } from './call.ts';
import type { Contract } from './contract.ts';
import type { Effect, Fault, Faults, Moment } from './faults.ts';
import type { Lag } from './lag.ts';
import { refusalOf, secondary, type RateLimit } from './rate-limit.ts';
import type { LoggedRequest, RequestLog } from './request-log.ts';
import { etagOf } from './send.ts';
import { findRepo } from './state.ts';

export interface Parts {
  readonly world: World;
  readonly contract: Contract;
  readonly tokens: ReadonlyMap<string, Permissions>;
  readonly limits: RateLimit;
  readonly faults: Faults;
  readonly lag: Lag;
  readonly log: RequestLog;
  readonly violations: string[];
  readonly observe: Observer;
  /** Called when a request is over. */
  readonly over: (request: LoggedRequest) => void;
}

/** Sees every request before, during (uploads) and after its effect; `drop` cuts it off there. */
export type Observer = (seen: {
  readonly request: LoggedRequest;
  readonly moment: Moment;
}) => 'drop' | void | Promise<'drop' | void>;

/** One request on its way. */
export interface Exchange {
  readonly parts: Parts;
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly entry: LoggedRequest;
  readonly faults: readonly Fault[];
}

/** Takes a request through faults, access, limits, both checks and its handler. */
export async function perform(
  exchange: Exchange,
  route: Route,
  params: Readonly<Record<string, string>>,
  isCrowded: boolean,
): Promise<Answer> {
  const { parts, request, url, entry } = exchange;
  try {
    await pass(exchange, 'before');
    const caller = identify(request.headers, parts.tokens);
    if (caller.kind === 'refused') {
      return caller.answer;
    }
    const state = parts.lag.view(entry.n, entry.route, parts.world.state);
    const early = admit(exchange, route, caller, isCrowded);
    if (early !== undefined) {
      return finish(exchange, route, caller, early);
    }
    const body = route.kind === 'upload' ? undefined : parseBody(await text(request));
    const world = { ...parts.world, state };
    const call: Call = {
      world,
      params,
      query: url.searchParams,
      headers: request.headers,
      caller,
      body,
      url,
    };
    const wrong = route.host === 'web' || route.host === 'graphql' ? [] : checkRequest(parts, route, call);
    if (wrong.length > 0) {
      return violation(parts, entry, "request violates GitHub's description", wrong.join('; '));
    }
    if (entry.isWrite) {
      parts.lag.remember(entry.n, parts.world.state);
    }
    const answer = await handle(exchange, route, call);
    const flaws = answerFlaws(parts, route, answer);
    if (flaws.length > 0) {
      return violation(parts, entry, "answer violates GitHub's description", flaws.join('; '));
    }
    await pass(exchange, 'after');
    return finish(exchange, route, caller, answer);
  } catch (error) {
    if (error instanceof Instead) {
      return error.answer;
    }
    throw error;
  }
}

/** What stands at the door: a user agent, the rate limits. */
function admit(exchange: Exchange, route: Route, caller: Caller, isCrowded: boolean): Answer | undefined {
  const { parts, request } = exchange;
  if (route.host === 'web') {
    return undefined;
  }
  if (request.headers['user-agent'] === undefined) {
    return failed(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
    );
  }
  if (isCrowded) {
    return secondary(60);
  }
  const isFree = route.host === 'graphql' || route.template === '/rate_limit';
  return isFree
    ? undefined
    : parts.limits.charge(caller, { method: route.method, isUpload: route.kind === 'upload' });
}

async function handle(exchange: Exchange, route: Route, call: Call): Promise<Answer> {
  if (route.kind === 'plain') {
    return route.handle(call);
  }
  const repo = findRepo(call.world.state, `${call.params['owner']}/${call.params['repo']}`);
  if (repo === undefined) {
    return notFound;
  }
  // Storage stands for the host of signed URLs, which need no token.
  const isSigned = route.template.startsWith('/storage/');
  const refused = isSigned ? undefined : refusal(call.caller, repo, route.need);
  if (refused !== undefined) {
    return refused;
  }
  const canPush = canSee(call.caller, repo) && has(call.caller, repo, { area: 'contents', level: 'write' });
  const repoCall = { ...call, repo, canPush };
  return route.kind === 'repo'
    ? route.handle(repoCall)
    : route.handle({ ...repoCall, request: exchange.request, underway: () => pass(exchange, 'during') });
}

/** Lets the observer and the faults of this moment have their way. */
async function pass({ parts, entry, faults }: Exchange, moment: Moment): Promise<void> {
  if ((await parts.observe({ request: entry, moment })) === 'drop') {
    throw new Cut();
  }
  for (const fault of faults.filter(({ when = 'before' }) => when === moment)) {
    await suffer(fault.effect, parts.world.clock());
  }
}

async function suffer(effect: Effect, now: number): Promise<void> {
  switch (effect.kind) {
    case 'slow':
      await sleep(effect.milliseconds);
      return;
    case 'reset':
      throw new Cut();
    case 'limit':
      throw new Instead(refusalOf(effect.limit, effect.seconds, now));
    case 'status': {
      const { status, message = 'Server Error', retryAfter } = effect;
      if (retryAfter !== undefined) {
        throw new Instead({ ...secondary(retryAfter), status });
      }
      throw new Instead(failed(status, message));
    }
  }
}

function finish({ parts, request }: Exchange, route: Route, caller: Caller, answer: Answer): Answer {
  if (route.host === 'web') {
    return answer;
  }
  const headers = {
    ...parts.limits.headers(caller, route.host === 'graphql' ? 'graphql' : 'core'),
    ...answer.headers,
  };
  if (answer.status !== 200 || route.method !== 'GET') {
    return { ...answer, headers };
  }
  const etag = etagOf(answer.json, caller.kind === 'token' ? caller.token : '');
  if (request.headers['if-none-match'] !== etag) {
    return { ...answer, headers: { ...headers, etag } };
  }
  if (caller.kind === 'token') {
    parts.limits.refund(caller);
  }
  return { status: 304, headers: { ...headers, etag } };
}

function checkRequest(parts: Parts, route: Route, call: Call): readonly string[] {
  const { method, template } = route;
  const { params, query, body } = call;
  return parts.contract.checkRequest({ method, template, params, query, body });
}

function answerFlaws(parts: Parts, route: Route, answer: Answer): readonly string[] {
  const isDescribed = route.host !== 'web' && route.host !== 'graphql' && answer.text === undefined;
  return isDescribed ? parts.contract.checkAnswer(route.method, route.template, answer) : [];
}

/** Writes down what must never happen and answers it as 500. */
export function violation(parts: Parts, entry: LoggedRequest, what: string, flaw: string): Answer {
  const message = `${entry.method} ${entry.path}: ${what}: ${flaw}`;
  parts.violations.push(message);
  return failed(500, message);
}

function parseBody(content: string): unknown {
  try {
    return content === '' ? undefined : JSON.parse(content);
  } catch {
    throw new Instead(failed(400, 'Problems parsing JSON'));
  }
}

/** Ends a request without an answer. */
export class Cut extends Error {}

/** Ends a request with another answer than its route would give. */
class Instead extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`answered ${answer.status} instead`);
    this.answer = answer;
  }
}
