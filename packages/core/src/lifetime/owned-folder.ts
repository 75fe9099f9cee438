import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { identify, isAlive } from './process-identity.ts';

const uuid = String.raw`[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}`;
const owned = new RegExp(`(\\d+)-(${uuid})_(\\d+)-${uuid}$`); // PID-BOOT_TICKS-RANDOM

export interface OwnedFolder extends AsyncDisposable {
  readonly path: string;
}

/** A new name that says which process it belongs to, so that what a killed one leaves can be told apart. */
export async function ownedName(prefix = '', pid: number = process.pid): Promise<string> {
  const self = await identify(pid);
  if (self === undefined) throw new Error(`no process ${pid}`);
  return `${prefix}${pid}-${self.started.replace('/', '_')}-${randomUUID()}`;
}

/** A new folder below `parent` (made when it is missing) that goes when disposed, or with `removeAbandoned`. */
export async function ownedFolder(parent: string, prefix = ''): Promise<OwnedFolder> {
  const path = join(parent, await ownedName(prefix));
  await mkdir(path, { recursive: true });
  return { path, [Symbol.asyncDispose]: () => remove(path) };
}

/** Throws away what dead processes left in `parent` under `prefix`; what belongs to a living one stays. */
export async function removeAbandoned(parent: string, prefix = ''): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    if (!name.startsWith(prefix)) continue;
    const [whole = '', pid, boot, ticks] = owned.exec(name) ?? [];
    if (pid === undefined || name !== prefix + whole) continue;
    if (await isAlive({ pid: Number(pid), started: `${boot}/${ticks}` })) continue;
    // Another user's leftovers are not ours to remove, and not ours to fail over.
    await remove(join(parent, name)).catch(() => {});
  }
}

/** A program that outlives its killed parent may still write into the folder. */
function remove(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 3 });
}
