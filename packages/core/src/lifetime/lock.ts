import { type FileHandle, link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../diagnostics/user-error.ts';
import { inFile, isTaken } from './file-errors.ts';
import { makeFolder } from './make-folder.ts';
import { bootId, lifeOf, ownerOf, ownerToken, shortBoot, type Owner } from './owner.ts';

/** The file's content; earlier versions read and write the first two. */
const Holder = z.object({
  pid: z.int(),
  /** BOOT/TICKS */
  started: z.string(),
  namespace: z.string().optional(),
});

const retryMs = 50;
const beatMs = 2_000;
const leaseMs = 30_000; // a living holder gives a sign every two seconds, even on a busy machine
const patienceMs = 15 * 60_000; // a run may read all of a large store; one that takes longer hangs

/**
 * Waits for the lock file `path` and holds it until disposed. A lock whose process is gone (killed, machine
 * restarted) is taken over: at once where that can be seen, and from another machine or pid namespace when the
 * holder gave no sign for `leaseMs` milliseconds in which this process looked.
 */
export async function lock(
  path: string,
  options: { readonly leaseMs?: number } = {},
): Promise<AsyncDisposable> {
  await makeFolder(dirname(path));
  // A lock appears with its content: a reader never finds an empty one.
  const mine = join(dirname(path), ownerToken());
  const handle = await open(mine, 'wx', 0o644);
  try {
    await inFile(mine, handle.writeFile(JSON.stringify(contentOf(ownerOf()))));
    await take(path, mine, options.leaseMs ?? leaseMs);
  } catch (error) {
    await handle.close();
    throw error;
  } finally {
    await rm(mine, { force: true });
  }
  const beat = setInterval(() => {
    const now = new Date();
    handle.utimes(now, now).catch(() => {});
  }, beatMs);
  beat.unref();
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(beat);
      await release(path, handle);
    },
  };
}

async function take(path: string, mine: string, lease: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  let sign: string | undefined;
  let since = performance.now();
  while (!(await tryLink(mine, path))) {
    const seen = await look(path);
    if (seen?.sign !== sign) {
      sign = seen?.sign;
      since = performance.now();
    }
    const life = seen?.owner === undefined ? 'unknown' : lifeOf(seen.owner);
    const isSilent = life === 'unknown' && performance.now() - since > lease;
    if (seen !== undefined && (life === 'dead' || isSilent)) await breakLock(path, seen);
    else if (performance.now() > deadline) throw stuck(path, seen?.owner);
    else await sleep(retryMs);
  }
}

interface SeenLock {
  readonly owner: Owner | undefined;
  /** Changes with the holder, and with each of its heartbeats. */
  readonly sign: string;
}

async function look(path: string): Promise<SeenLock | undefined> {
  try {
    const [content, { ino, mtimeNs }] = await Promise.all([
      readFile(path, 'utf8'),
      stat(path, { bigint: true }),
    ]);
    return { owner: ownerIn(content), sign: `${ino} ${mtimeNs} ${content}` };
  } catch {
    return undefined; // Given back this very moment.
  }
}

function contentOf({ pid, started, namespace }: Owner): z.infer<typeof Holder> {
  return { pid, started: `${bootId()}/${started}`, namespace };
}

function ownerIn(content: string): Owner | undefined {
  try {
    const { pid, started, namespace = '0' } = Holder.parse(JSON.parse(content));
    const [boot = '', ticks = ''] = started.split('/');
    return { boot: shortBoot(boot), namespace, pid, started: ticks };
  } catch {
    return undefined;
  }
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

/** Of several who find the same dead holder one moves the file away; whoever moved a living one puts it back. */
async function breakLock(path: string, { sign }: SeenLock): Promise<void> {
  const aside = join(dirname(path), ownerToken());
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  if ((await look(aside))?.sign !== sign) await tryLink(aside, path);
  await rm(aside, { force: true });
}

/** One that hung so long that another took over must not take the lock from that one. */
async function release(path: string, handle: FileHandle): Promise<void> {
  const [mine, now] = await Promise.all([
    handle.stat({ bigint: true }),
    stat(path, { bigint: true }).catch(() => undefined),
  ]);
  await handle.close();
  if (now?.ino === mine.ino) await rm(path, { force: true });
}

function stuck(path: string, holder: Owner | undefined): UserError {
  const who = holder === undefined ? 'another run' : `process ${holder.pid}`;
  return new UserError(
    'system.locked',
    `${path}: still held by ${who} after ${patienceMs / 60_000} minutes`,
    {
      hint: 'wait for that run or end it; remove the file if the process is not a bakery',
    },
  );
}
