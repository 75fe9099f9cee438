import type { Cache } from '../fetch/cache.ts';
import { notCached } from '../fetch/from-cache.ts';
import type { UpstreamContext } from '../release/check/upstream.ts';

/** Keeps answers in the cache, and gives them back instead of asking when `offline`. */
export function rememberIn(cache: Cache, offline: boolean): UpstreamContext['remember'] {
  return async ({ key, what, mayBeOld = false }, ask) => {
    const known = offline
      ? await cache.recallText(key)
      : await ask().catch(async (error: unknown) => {
          const old = mayBeOld ? await cache.recallText(key) : undefined;
          if (old === undefined) throw error;
          return old;
        });
    if (known === undefined) throw notCached(what);
    // Without a cache to write to, only later runs with --offline miss something.
    if (!offline) await cache.keepText(key, known).catch(() => {});
    return known;
  };
}
