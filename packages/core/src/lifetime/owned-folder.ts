import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbandoned, keepAlive } from './abandoned.ts';
import { makeFolder } from './make-folder.ts';
import { ownerToken, parseOwned } from './owner.ts';

export interface OwnedFolder extends AsyncDisposable {
  readonly path: string;
}

/** A new folder below `parent` (made when it is missing) that goes when disposed, or with `removeAbandoned`. */
export async function ownedFolder(parent: string, prefix = ''): Promise<OwnedFolder> {
  const path = join(parent, prefix + ownerToken());
  await makeFolder(path);
  const alive = keepAlive(path);
  return {
    path,
    [Symbol.asyncDispose]: () => {
      alive[Symbol.dispose]();
      return remove(path);
    },
  };
}

/**
 * Throws away what ended processes left in `parent` under `prefix`; what belongs to a living one stays. `now` is in
 * milliseconds since 1970.
 */
export async function removeAbandoned(parent: string, prefix = '', now = Date.now()): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const found = parseOwned(name);
    if (found?.prefix !== prefix || !(await isAbandoned(join(parent, name), found.owner, now))) continue;
    // Another user's leftovers are not ours to remove, and not ours to fail over.
    await remove(join(parent, name)).catch(() => {});
  }
}

/** A program that outlives its killed parent may still write into the folder. */
function remove(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 3 });
}
