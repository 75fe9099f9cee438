import type { Cache } from '../fetch/cache.ts';
import { notCached } from '../fetch/from-cache.ts';

/** Keeps answers in the cache, and gives them back instead of asking when `offline`. */
export function rememberIn(
  cache: Cache,
  offline: boolean,
): (what: string, ask: () => Promise<string>) => Promise<string> {
  return async (what, ask) => {
    const known = offline ? await cache.recallText(what) : await ask();
    if (known === undefined) throw notCached(what);
    // Without a cache to write to, only later runs with --offline miss something.
    if (!offline) await cache.keepText(what, known).catch(() => {});
    return known;
  };
}
