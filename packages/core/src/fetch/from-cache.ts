import { UserError } from '../diagnostics/user-error.ts';
import type { Cache, CachedFile } from './cache.ts';
import type { DownloadRequest } from './download.ts';

/** The file when it need not be fetched; when it must be and `offline` forbids it, a UserError. */
export async function fromCache(
  { url, expected }: DownloadRequest,
  { cache, offline }: { readonly cache: Cache; readonly offline: boolean },
): Promise<CachedFile | undefined> {
  const found = await findIn(cache, url, expected, offline);
  if (found === undefined && offline) throw notCached(url);
  return found;
}

export function notCached(url: string): UserError {
  return new UserError('fetch.offline', `${url}: expected it in the cache (--offline), found nothing there`, {
    hint: 'run once without --offline',
  });
}

async function findIn(
  cache: Cache,
  url: string,
  expected: DownloadRequest['expected'],
  offline: boolean,
): Promise<CachedFile | undefined> {
  if (expected !== undefined) return cache.find(url, expected);
  return offline ? cache.recall(url) : undefined;
}
