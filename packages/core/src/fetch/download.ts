import { UserError } from '../diagnostics/user-error.ts';
import type { Http } from '../ports/http.ts';
import type { Report } from '../ports/report.ts';
import { backoffMs, type Sleep } from './backoff.ts';
import type { Cache, CachedFile } from './cache.ts';
import { fromCache } from './from-cache.ts';
import { type Expected, hashOf } from './hashing.ts';
import { isSilent, silentAttempts } from './idle-limit.ts';
import { bringsEnough } from './minimum-rate.ts';
import { openPartial, type PartialFile } from './partial-file.ts';
import { Interrupted, receive } from './receive.ts';
import { isWrong, wrongHash } from './wrong-hash.ts';

export interface DownloadRequest {
  readonly url: string;
  /** Without it the bytes are taken as they come, and never from the cache while there is a network. */
  readonly expected?: Expected | undefined;
  /** For people. */
  readonly proof: string;
  readonly maxBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface DownloadPorts {
  readonly http: Http;
  readonly cache: Cache;
  readonly report: Report;
  readonly sleep: Sleep;
  /** From 0 to 1, as Math.random. */
  readonly random: () => number;
  readonly offline: boolean;
}

const defaultMaxBytes = 8 * 1024 ** 3; // the largest upstream archive known is under 2 GiB
const fruitlessAttempts = 5; // attempts that bring a fair number of bytes are not counted: the file is finite

/** Fetches `url` into the cache; resumes what an earlier attempt or a killed run left. */
export async function download(request: DownloadRequest, ports: DownloadPorts): Promise<CachedFile> {
  const { url, expected } = request;
  const cached = await fromCache(request, ports);
  if (cached !== undefined) return cached;
  const folder = await ports.cache.partials.claim(hashOf(url));
  let isWorthKeeping = false;
  try {
    await using partial = await openPartial(folder, expected?.algorithm);
    await fetchAll(request, partial, ports).catch((error: unknown) => {
      isWorthKeeping = partial.size > 0;
      throw error;
    });
    const { path, size } = partial;
    const hashes = partial.hashes();
    if (isWrong(hashes, expected)) throw wrongHash(url, hashes, expected);
    return await ports.cache.keep(path, { url, size, hashes, proof: request.proof });
  } finally {
    if (isWorthKeeping) await ports.cache.partials.release(folder);
    else await ports.cache.partials.discard(folder);
  }
}

async function fetchAll(request: DownloadRequest, partial: PartialFile, ports: DownloadPorts): Promise<void> {
  // Without a hash nobody would notice that what an earlier run left is damaged.
  if (request.expected === undefined) await partial.restart();
  const isInherited = partial.size > 0;
  await fetchRest(request, partial, ports);
  if (!isInherited || !isWrong(partial.hashes(), request.expected)) return;
  // The start came from a run that was killed, maybe with the whole machine: do not trust it twice.
  await partial.restart();
  await fetchRest(request, partial, ports);
}

async function fetchRest(
  request: DownloadRequest,
  partial: PartialFile,
  ports: DownloadPorts,
): Promise<void> {
  const { url, signal, maxBytes = defaultMaxBytes } = request;
  const { http, report } = ports;
  let furthest = partial.size;
  let fruitless = 0;
  for (;;) {
    const since = performance.now();
    try {
      await receive({ url, signal, maxBytes }, partial, { http, report });
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Interrupted)) throw error;
      const isFair = bringsEnough(partial.size - furthest, performance.now() - since);
      fruitless = isFair ? 1 : fruitless + 1;
      furthest = Math.max(furthest, partial.size);
      if (fruitless >= (isSilent(error) ? silentAttempts : fruitlessAttempts)) {
        const message = `${url}: broke off ${fruitless} times at byte ${furthest}: ${error.message}`;
        throw new UserError('fetch.unreachable', message, { cause: error });
      }
      await ports.sleep(backoffMs(fruitless, ports.random), signal);
    }
  }
}
