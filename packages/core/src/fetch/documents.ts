import type { Http } from '../ports/http.ts';
import type { Cache } from './cache.ts';
import type { StoppableRequest } from './exchange.ts';
import { notCached } from './from-cache.ts';

/** Small texts that prove other files: asked for once, kept for `--offline`. */
export interface Documents {
  /** `undefined` when there is no such document. */
  read(url: string): Promise<string | undefined>;
  /** The same for what comes from elsewhere than HTTP; `url` only names it. */
  remember(url: string, ask: () => Promise<string | undefined>): Promise<string | undefined>;
}

export interface DocumentPorts {
  readonly http: Http;
  readonly cache: Cache;
  readonly offline: boolean;
  readonly signal?: AbortSignal;
}

export function documents({ http, cache, offline, signal }: DocumentPorts): Documents {
  const request: StoppableRequest = { signal };
  const asked = new Map<string, Promise<string | undefined>>();

  async function fetchOnce(url: string, ask: () => Promise<string | undefined>): Promise<string | undefined> {
    if (offline) return fromCache(url, cache);
    const text = await ask();
    if (text !== undefined) await cache.keepText(url, text);
    return text;
  }

  function remember(url: string, ask: () => Promise<string | undefined>): Promise<string | undefined> {
    const known = asked.get(url) ?? fetchOnce(url, ask);
    asked.set(url, known);
    return known;
  }

  return { remember, read: (url) => remember(url, () => http.text(url, request)) };
}

async function fromCache(url: string, cache: Cache): Promise<string> {
  const text = await cache.recallText(url);
  if (text !== undefined) return text;
  throw notCached(url);
}
