import { UserError } from '../diagnostics/user-error.ts';
import type { Http, HttpAnswer } from '../ports/http.ts';
import type { Report } from '../ports/report.ts';
import { attempts, backoffMs, type Sleep } from './backoff.ts';
import { BrokenOff } from './broken-off.ts';
import { exchange, type ExchangeOptions, type StoppableRequest } from './exchange.ts';
import { HttpStatusError } from './http-status-error.ts';
import { idleLimitMs, isSilent, silentAttempts } from './idle-limit.ts';
import { readBytes } from './read-bytes.ts';
import { reasonOf } from './reason-of.ts';
import { longestWaitMs, retryAfter } from './retry-after.ts';

export interface FetchHttpOptions extends Omit<ExchangeOptions, 'idleMs'> {
  readonly offline: boolean;
  readonly report: Report;
  readonly sleep: Sleep;
  /** From 0 to 1, as Math.random. */
  readonly random: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly idleMs?: number;
  readonly attempts?: number;
  /** Of these, how many may end because nothing came. */
  readonly silentAttempts?: number;
  readonly longestWaitMs?: number;
  readonly maxBodyBytes?: number;
}

const defaults = {
  idleMs: idleLimitMs,
  attempts,
  silentAttempts,
  longestWaitMs,
  maxBodyBytes: 64 * 1024 * 1024, // a page of 100 GitHub releases with notes can pass 10 MB
};

/** The Http port on Node's fetch; requests may carry a `signal` to give them up. */
export function fetchHttp(options: FetchHttpOptions): Http {
  const settings = { ...defaults, ...options };
  return {
    get: (url, request = {}) => get(url, request, settings),
    bytes: (url, request = {}) => bytes(url, request, settings),
    text: async (url, request = {}) => (await bytes(url, request, settings))?.toString('utf8'),
  };
}

type Settings = FetchHttpOptions & typeof defaults;

async function bytes(url: string, request: StoppableRequest, usual: Settings): Promise<Buffer | undefined> {
  const settings = { ...usual, attempts: request.attempts ?? usual.attempts };
  for (let attempt = 1; ; attempt++) {
    const answer = await get(url, request, settings);
    if (isMissing(answer)) {
      await answer.body.cancel();
      return undefined;
    }
    try {
      return await readBytes(url, answer, settings.maxBodyBytes);
    } catch (error) {
      await pauseOrThrow(url, attempt, error, request, settings);
    }
  }
}

async function get(url: string, request: StoppableRequest, usual: Settings): Promise<HttpAnswer> {
  const settings = { ...usual, attempts: request.attempts ?? usual.attempts };
  if (settings.offline) {
    throw new UserError('fetch.offline', `${url}: not asked, because --offline is set`, {
      hint: 'run once without --offline to fill the cache',
    });
  }
  for (let attempt = 1; ; attempt++) {
    let answer: HttpAnswer;
    try {
      answer = await exchange(url, request, settings);
    } catch (error) {
      await pauseOrThrow(url, attempt, error, request, settings);
      continue;
    }
    if ((answer.status >= 200 && answer.status < 300) || isMissing(answer)) return answer;
    await pauseOrRefuse(url, attempt, answer, request, settings);
  }
}

function isMissing({ status }: HttpAnswer): boolean {
  return status === 404 || status === 410;
}

async function pauseOrThrow(
  url: string,
  attempt: number,
  error: unknown,
  { signal }: StoppableRequest,
  settings: Settings,
): Promise<void> {
  signal?.throwIfAborted();
  if (error instanceof UserError && !(error instanceof BrokenOff)) throw error;
  const why = reasonOf(error);
  const most = isSilent(error) ? Math.min(settings.silentAttempts, settings.attempts) : settings.attempts;
  if (attempt >= most || isAboutTrust(why)) {
    throw new UserError('fetch.unreachable', `${url}: cannot be reached: ${why} (attempt ${attempt})`, {
      cause: error,
    });
  }
  const ms = backoffMs(attempt, settings.random);
  settings.report.info(`${url}: ${why}, asking again in ${seconds(ms)}`);
  await settings.sleep(ms, signal);
}

async function pauseOrRefuse(
  url: string,
  attempt: number,
  answer: HttpAnswer,
  { signal }: StoppableRequest,
  settings: Settings,
): Promise<void> {
  const { status, headers } = answer;
  const said = await readStart(answer);
  const retry = retryAfter({ status, headers, said }, attempt, settings.now(), settings.random);
  const host = new URL(answer.url).host;
  if (retry === undefined || (retry.kind === 'backoff' && attempt >= settings.attempts)) {
    throw new HttpStatusError(status, `${url}: expected 200 from ${host}, got ${status}${quote(said)}`);
  }
  if (attempt >= settings.attempts || retry.ms > settings.longestWaitMs) {
    const when = new Date(settings.now() + retry.ms).toISOString();
    throw new HttpStatusError(
      status,
      `${url}: ${host} wants fewer requests (${status}): come back after ${when}`,
      {
        hint:
          settings.githubToken === undefined && settings.githubHosts.includes(host)
            ? 'set GITHUB_TOKEN for a higher limit'
            : `nothing is lost; in ${seconds(retry.ms)} the same command goes on`,
      },
    );
  }
  settings.report.info(`${url}: ${status}, asking again in ${seconds(retry.ms)}`);
  await settings.sleep(retry.ms, signal);
}

/** The first bytes of a refusal, for a person; a refusal that cannot be read says nothing. */
async function readStart(answer: HttpAnswer): Promise<string> {
  const reader = answer.body.getReader();
  let said = '';
  try {
    while (said.length < 2000) {
      const { done, value } = await reader.read();
      if (done) break;
      said += Buffer.from(value).toString('utf8');
    }
    await reader.cancel();
  } catch {
    // What counts is the status; the body is a courtesy.
  }
  return said.slice(0, 2000);
}

function quote(said: string): string {
  const message = /"message"\s*:\s*"([^"]{1,200})"/.exec(said)?.[1];
  const start = (message ?? (/^\s*</.test(said) ? '' : said)).trim().split('\n')[0]?.slice(0, 200) ?? '';
  return start === '' ? '' : `: ${JSON.stringify(start)}`;
}

function isAboutTrust(why: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/.test(why);
}

function seconds(ms: number): string {
  return ms < 120_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`;
}
