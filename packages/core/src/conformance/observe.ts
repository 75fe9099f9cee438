import { createHash } from 'node:crypto';
import { UserError } from '../diagnostics/user-error.ts';
import { HttpStatusError } from '../fetch/http-status-error.ts';
import { readBytes } from '../fetch/read-bytes.ts';
import type { Http, HttpAnswer, HttpRequest } from '../ports/http.ts';
import type { Observed } from './answer-rules.ts';

const maxDocument = 128 * 1024 ** 2; // bytes; twice what systemd takes for a manifest, so that its rule can speak

const maxImage = 16 * 1024 ** 3; // bytes; eight times what a release of GitHub takes

/** Asks and reads headers only. */
export async function observe(http: Http, url: string, method: 'HEAD' | 'GET'): Promise<Observed> {
  const whole = { 'accept-encoding': 'identity' };
  const headers = method === 'GET' ? { ...whole, range: 'bytes=0-0' } : whole;
  return ask(http, url, { method, headers }, async (answer) => {
    await answer.body.cancel();
    return described(url, answer);
  });
}

/** The bytes of a document, when there is one. */
export async function read(
  http: Http,
  url: string,
): Promise<{ readonly observed: Observed; readonly bytes: Uint8Array | undefined }> {
  let bytes: Uint8Array | undefined;
  const observed = await ask(http, url, {}, async (answer) => {
    const body = await readBytes(url, answer, maxDocument);
    if (answer.status === 200) bytes = body;
    return described(url, answer);
  });
  return { observed, bytes };
}

/** The SHA-256 of a file, `undefined` when it cannot be read to its end or has none in sight. */
export async function hashOf(http: Http, url: string, most = maxImage): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    const answer = await http.get(url, { headers: { 'accept-encoding': 'identity' } });
    let size = 0;
    for await (const chunk of answer.body) {
      size += chunk.byteLength;
      if (size > most) return undefined;
      hash.update(chunk);
    }
    return hash.digest('hex');
  } catch {
    return undefined; // That it does not arrive is what is to be told.
  }
}

async function ask(
  http: Http,
  url: string,
  request: HttpRequest,
  look: (answer: HttpAnswer) => Promise<Observed>,
): Promise<Observed> {
  try {
    return await look(await http.get(url, request));
  } catch (error) {
    if (error instanceof HttpStatusError) {
      return { kind: 'answer', url, status: error.status, at: url, contentType: '', size: undefined };
    }
    if (error instanceof UserError) {
      const failed = { kind: 'failed', url, message: error.message } as const;
      return error.code === 'fetch.unreachable' ? { ...failed, isUnreachable: true } : failed;
    }
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', url, message };
  }
}

function described(url: string, { status, headers, url: at }: HttpAnswer): Observed {
  const range = /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1];
  const length = range ?? (status === 206 ? null : headers.get('content-length'));
  return {
    kind: 'answer',
    url,
    status,
    at,
    contentType: headers.get('content-type') ?? '',
    size: length === null ? undefined : Number(length),
  };
}
