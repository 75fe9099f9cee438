import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readlink, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/**
 * Folders for unfinished work, all named `KEY.OWNER.partial`. The owner is in the name, so that one rename
 * takes over what a killed run left, and two runs never write to one file.
 */
export interface Partials {
  /** What an ended run left for `key`, or an empty folder. */
  claim(key: string): Promise<string>;
  /** An empty folder nobody will take over. */
  scratch(): Promise<string>;
  /** Leaves a folder to the next run. */
  release(path: string): Promise<void>;
  discard(path: string): Promise<void>;
  /** Removes what ended runs left: scratch at once, downloads after a day. */
  tidy(): Promise<void>;
}

const hourMs = 60 * 60_000;
const abandonedAfterMs = hourMs; // a live download that moves nothing ends after a minute
const keptForMs = 24 * hourMs;
const scratchKey = 'scratch';
const nobody = 'free';

/** `now` gives milliseconds since 1970. */
export function partialsIn(folder: string, now: () => number): Partials {
  const create = async (key: string) => {
    const path = join(folder, await nameFor(key));
    await mkdir(path, { recursive: true });
    return path;
  };
  return {
    claim: async (key) => {
      for (const found of await listPartials(folder)) {
        if (found.key !== key || !(await isAbandoned(found, now()))) continue;
        const mine = join(folder, await nameFor(key));
        if (await renamed(found.path, mine)) return mine;
      }
      return create(key);
    },
    scratch: () => create(scratchKey),
    release: async (path) => {
      const [key = ''] = path.slice(folder.length + 1).split('.');
      await renamed(path, join(folder, `${key}.${nobody}.0.${randomUUID()}.partial`));
    },
    discard: removeAll,
    tidy: async () => {
      for (const found of await listPartials(folder)) {
        const age = now() - (await lastChange(found.path));
        if (found.key !== scratchKey && age < keptForMs) continue;
        if (!(await isAbandoned(found, now()))) continue;
        const mine = join(folder, await nameFor(scratchKey));
        if (await renamed(found.path, mine)) await removeAll(mine);
      }
    },
  };
}

async function removeAll(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

interface Found {
  readonly path: string;
  readonly key: string;
  readonly machine: string;
  readonly pid: number;
}

async function listPartials(folder: string): Promise<Found[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => {
    const [, key, machine, pid] = /^([\w-]+)\.(\w+)\.(\d+)\.[\w-]+\.partial$/.exec(name) ?? [];
    if (key === undefined || machine === undefined) return [];
    return [{ path: join(folder, name), key, machine, pid: Number(pid) }];
  });
}

async function nameFor(key: string): Promise<string> {
  return `${key}.${await machineName()}.${process.pid}.${randomUUID()}.partial`;
}

/** Process ids mean something only on one machine and in one namespace; a cache may be shared by several. */
async function machineName(): Promise<string> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return createHash('sha256').update(`${hostname()} ${namespace}`).digest('hex').slice(0, 12);
}

async function isAbandoned({ machine, pid, path }: Found, now: number): Promise<boolean> {
  if (machine === nobody) return true;
  if (machine === (await machineName()) && !isAlive(pid)) return true;
  return now - (await lastChange(path)) > abandonedAfterMs;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

async function lastChange(path: string): Promise<number> {
  const names = await readdir(path).catch(() => []);
  const paths = [path, ...names.map((name) => join(path, name))];
  const times = await Promise.all(
    paths.map(async (each) => (await stat(each).catch(() => undefined))?.mtimeMs),
  );
  return Math.max(...times.map((time) => time ?? 0));
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false; // another run was faster
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
