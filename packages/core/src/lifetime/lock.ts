import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';
import { isTaken } from './file-errors.ts';
import { ownedName } from './owned-folder.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

const Holder = z.object({ pid: z.int(), started: z.string() });

const retryMs = 50;
const patienceMs = 120_000; // Writing an index takes milliseconds; a run that waits longer waits for a hung one.

/**
 * Waits for the lock file `path` and holds it until disposed. A lock whose process is gone (killed, machine
 * restarted) is taken over. Works between processes of one machine.
 */
export async function lock(path: string, pid: number = process.pid): Promise<AsyncDisposable> {
  await mkdir(dirname(path), { recursive: true });
  const self = await identify(pid);
  if (self === undefined) throw new Error(`no process ${pid}`);
  // A lock appears with its content: a reader never finds an empty one.
  const mine = join(dirname(path), await ownedName('', pid));
  await writeFile(mine, JSON.stringify(self));
  try {
    const deadline = performance.now() + patienceMs;
    while (!(await tryLink(mine, path))) {
      const holder = await readHolder(path);
      if (holder !== undefined && !(await isAlive(holder))) await breakLock(path, holder);
      else if (performance.now() > deadline) throw stuck(path, holder);
      else await sleep(retryMs);
    }
  } finally {
    await rm(mine, { force: true });
  }
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<ProcessIdentity | undefined> {
  try {
    return Holder.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined; // Given back this very moment.
  }
}

/** Of several who find the same dead holder one moves the file away; whoever moved a living one puts it back. */
async function breakLock(path: string, dead: ProcessIdentity): Promise<void> {
  const aside = join(dirname(path), await ownedName());
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readHolder(aside);
  if (moved !== undefined && moved.started !== dead.started) await tryLink(aside, path);
  await rm(aside, { force: true });
}

function stuck(path: string, holder: ProcessIdentity | undefined): UserError {
  const who = holder === undefined ? 'another run' : `process ${holder.pid}`;
  return new UserError(`${path}: still held by ${who} after ${patienceMs / 1000} s`, {
    hint: 'end that run, or remove the file if it is no bakery',
  });
}
