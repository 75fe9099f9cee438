import { UserError } from '../diagnostics/user-error.ts';
import { baseName } from '../language/address.ts';
import type { Http, HttpAnswer } from '../ports/http.ts';
import type { Progress, Report } from '../ports/report.ts';
import { BrokenOff } from './broken-off.ts';
import type { StoppableRequest } from './exchange.ts';
import { HttpStatusError, notFound } from './http-status-error.ts';
import type { PartialFile, Resume } from './partial-file.ts';

/** The bytes stopped coming; what came is kept. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export interface Receiving {
  readonly url: string;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** One attempt: asks for what is missing in `partial` and appends it. */
export async function receive(
  { url, maxBytes, signal }: Receiving,
  partial: PartialFile,
  { http, report }: { readonly http: Http; readonly report: Report },
): Promise<void> {
  if (partial.size > 0 && partial.size === partial.resume?.total) return;
  const answer = await ask(http, url, partial, signal);
  const total = await takeUp(answer, url, partial);
  if (total !== undefined && total > maxBytes) {
    await Promise.all([answer.body.cancel(), partial.restart()]);
    throw tooLarge(url, maxBytes, `${total} bytes`);
  }
  using progress = report.progress(baseName(url), total);
  await copy(answer, partial, { url, maxBytes, progress });
  if (total !== undefined && partial.size > total) {
    await partial.restart();
    throw new Interrupted(`expected ${total} bytes, got more`);
  }
  if (total !== undefined && partial.size < total) {
    throw new Interrupted(`expected ${total} bytes, got ${partial.size}`);
  }
}

async function ask(
  http: Http,
  url: string,
  partial: PartialFile,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  const request: StoppableRequest = { headers: headersFor(partial), signal };
  try {
    return await http.get(url, request);
  } catch (error) {
    if (!(error instanceof HttpStatusError) || error.status !== 416) throw error;
    // What is here is longer than the file there now.
    await partial.restart();
    throw new Interrupted('the file changed on the server', { cause: error });
  }
}

function headersFor({ size, resume }: PartialFile): Record<string, string> {
  const whole = { 'accept-encoding': 'identity' };
  if (size === 0 || resume === undefined) return whole;
  return { ...whole, range: `bytes=${size}-`, 'if-range': resume.validator };
}

/** Makes `partial` fit the answer; resolves to the size of the whole file when the server tells. */
async function takeUp(answer: HttpAnswer, url: string, partial: PartialFile): Promise<number | undefined> {
  const { status, headers } = answer;
  if (status === 404 || status === 410) {
    await answer.body.cancel();
    throw notFound(url, status);
  }
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') {
    await answer.body.cancel();
    throw new UserError(
      'fetch.status',
      `${url}: expected the bytes as they are, got content-encoding ${encoding}`,
    );
  }
  if (status !== 206) {
    const total = wholeNumber(headers.get('content-length'));
    await partial.restart(resumeOf(headers, total));
    return total;
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  const total = wholeNumber(range?.[2] ?? null);
  const known = partial.resume?.total;
  const isSameFile =
    Number(range?.[1] ?? -1) === partial.size &&
    (known === undefined || total === undefined || known === total) &&
    (resumeOf(headers, total)?.validator ?? partial.resume?.validator) === partial.resume?.validator;
  if (isSameFile) return total;
  await answer.body.cancel();
  await partial.restart();
  throw new Interrupted('the file changed on the server');
}

/** Weak ETags promise equal meaning, not equal bytes (RFC 9110 section 8.8.1). */
function resumeOf(headers: Headers, total: number | undefined): Resume | undefined {
  const etag = headers.get('etag');
  const validator = etag !== null && !etag.startsWith('W/') ? etag : headers.get('last-modified');
  if (validator === null) return undefined;
  return { validator, ...(total === undefined ? {} : { total }) };
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

async function copy(
  answer: HttpAnswer,
  partial: PartialFile,
  {
    url,
    maxBytes,
    progress,
  }: { readonly url: string; readonly maxBytes: number; readonly progress: Progress },
): Promise<void> {
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw cause instanceof BrokenOff ? new Interrupted(cause.why, { cause }) : cause;
    });
    if (done) return;
    if (partial.size + value.byteLength > maxBytes) {
      await Promise.all([reader.cancel(), partial.restart()]);
      throw tooLarge(url, maxBytes, 'more');
    }
    await partial.append(value);
    progress.update(partial.size);
  }
}

function tooLarge(url: string, maxBytes: number, got: string): UserError {
  return new UserError('fetch.too-large', `${url}: expected at most ${maxBytes} bytes, got ${got}`);
}
