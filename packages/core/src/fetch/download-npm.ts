import { stat } from 'node:fs/promises';
import type { Exec } from '../ports/exec.ts';
import type { CachedFile } from './cache.ts';
import type { DownloadPorts, DownloadRequest } from './download.ts';
import { fromCache } from './from-cache.ts';
import { feedFile, hashing } from './hashing.ts';
import type { Mirrors } from './mirrors.ts';
import { packInto, parseNpmUrl } from './npm.ts';
import { isWrong, wrongHash } from './wrong-hash.ts';

/** Fetches `npm:PACKAGE@VERSION` into the cache through the npm client, and proves the bytes again itself. */
export async function downloadNpm(
  request: DownloadRequest,
  ports: Omit<DownloadPorts, 'http'> & { readonly exec: Exec; readonly mirrors: Mirrors },
): Promise<CachedFile> {
  const { url, expected, proof } = request;
  const wanted = parseNpmUrl(url);
  const cached = await fromCache(request, ports);
  if (cached !== undefined) return cached;
  const scratch = await ports.cache.partials.scratch();
  try {
    using _progress = ports.report.progress(`${wanted.name}@${wanted.version}`);
    const file = await packInto(scratch, wanted, ports);
    const hash = hashing(expected?.algorithm);
    await feedFile(file, hash);
    const hashes = hash.hex();
    if (isWrong(hashes, expected)) throw wrongHash(url, hashes, expected);
    const { size } = await stat(file);
    return await ports.cache.keep(file, { url, size, hashes, proof });
  } finally {
    await ports.cache.partials.discard(scratch);
  }
}
