import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hashOf } from '../src/fetch/hashing.ts';

/** Folders of unfinished downloads in a cache. */
export async function unfinishedIn(cache: string): Promise<string[]> {
  return readdir(join(cache, 'partial')).catch(() => []);
}

/** How much of an unfinished download is kept. */
export async function keptBytes(cache: string, url: string): Promise<number> {
  const folder = (await unfinishedIn(cache)).find((name) => name.startsWith(hashOf(url)));
  if (folder === undefined) return 0;
  const found = await stat(join(cache, 'partial', folder, 'body.partial')).catch(() => undefined);
  return found?.size ?? 0;
}

/** Waits until so much is kept. */
export async function untilKept(cache: string, url: string, bytes: number): Promise<void> {
  while ((await keptBytes(cache, url)) < bytes) await pause(10);
}
