import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAbandoned } from '../lifetime/abandoned.ts';
import { ownerToken, parseOwned } from '../lifetime/owner.ts';

/** A hidden name beside `name` that says which process works on it. */
export function temporaryName(name: string): string {
  return `.${name}.${ownerToken()}.partial`;
}

/** Removes what killed processes left of an image that was to become `output`. */
export async function removeAbandonedImages(output: string, now = Date.now()): Promise<void> {
  const folder = dirname(output);
  const [start, end] = [`.${basename(output)}.`, '.partial'];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.startsWith(start) || !entry.name.endsWith(end)) continue;
    const middle = entry.name.slice(start.length, -end.length);
    const found = parseOwned(middle);
    if (found?.prefix !== '' && !earlierOwner.test(middle)) continue;
    const path = join(folder, entry.name);
    if (await isAbandoned(path, found?.owner, now)) await rm(path, { force: true });
  }
}

const earlierOwner = /^\d+-\d+$/; // PID-COUNT
