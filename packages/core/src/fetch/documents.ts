import { oncePerKey } from '../lifetime/once.ts';
import type { Http } from '../ports/http.ts';
import type { Cache } from './cache.ts';
import type { StoppableRequest } from './exchange.ts';
import { notCached } from './from-cache.ts';

/** Small files that prove other files: asked for once, kept for `--offline`. */
export interface Documents {
  /** `undefined` when there is no such document. */
  bytes(url: string, headers?: Headers): Promise<Uint8Array | undefined>;
  /** The same as UTF-8 text. */
  read(url: string, headers?: Headers): Promise<string | undefined>;
  /** The answer to a question sent as JSON; `undefined` when there is none. */
  ask(url: string, question: string): Promise<string | undefined>;
  /** The same for what comes from elsewhere than HTTP; `url` only names it. */
  remember(url: string, ask: () => Promise<string | undefined>): Promise<string | undefined>;
}

type Headers = Readonly<Record<string, string>>;

export interface DocumentPorts {
  readonly http: Http;
  readonly cache: Cache;
  readonly offline: boolean;
  readonly signal?: AbortSignal;
}

export function documents({ http, cache, offline, signal }: DocumentPorts): Documents {
  const request: StoppableRequest = { signal };
  const asked = new Map<string, Promise<Uint8Array | undefined>>();

  async function fetchOnce(
    url: string,
    ask: () => Promise<Uint8Array | undefined>,
  ): Promise<Uint8Array | undefined> {
    if (offline) return fromCache(url, cache);
    const bytes = await ask();
    if (bytes !== undefined) await cache.keepBytes(url, bytes);
    return bytes;
  }

  function once(url: string, ask: () => Promise<Uint8Array | undefined>): Promise<Uint8Array | undefined> {
    return oncePerKey(asked, url, () => fetchOnce(url, ask));
  }

  const bytes: Documents['bytes'] = (url, headers = {}) =>
    once(url, () => http.bytes(url, { ...request, headers }));
  return {
    bytes,
    read: async (url, headers) => textOf(await bytes(url, headers)),
    ask: async (url, question) =>
      textOf(
        await once(`${url} ${question}`, () =>
          http.bytes(url, {
            ...request,
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: question,
          }),
        ),
      ),
    remember: async (url, ask) =>
      textOf(
        await once(url, async () => {
          const text = await ask();
          return text === undefined ? undefined : Buffer.from(text);
        }),
      ),
  };
}

/** The same documents, but for one whose text is known already: that of its signature. */
export function withKnown(
  others: Documents,
  known: { readonly address: string; readonly text: string },
): Documents {
  return {
    ...others,
    read: (url, headers) => (url === known.address ? Promise.resolve(known.text) : others.read(url, headers)),
  };
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}

async function fromCache(url: string, cache: Cache): Promise<Uint8Array> {
  const bytes = await cache.recallBytes(url);
  if (bytes !== undefined) return bytes;
  throw notCached(url);
}
