import { randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbandoned, lastChange } from './abandoned.ts';
import { isMissing } from './file-errors.ts';
import { makeFolder } from './make-folder.ts';
import { ownerToken, parseOwned, type Owner } from './owner.ts';

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
const keptForMs = 24 * hourMs;
const scratchKey = 'scratch';
const nobody = 'free';

/** `now` gives milliseconds since 1970. */
export function partialsIn(folder: string, now: () => number): Partials {
  const create = async (key: string) => {
    const path = join(folder, nameFor(key));
    await makeFolder(path);
    return path;
  };
  return {
    claim: async (key) => {
      for (const found of await listPartials(folder)) {
        if (found.key !== key || !(await isFree(found, now()))) continue;
        const mine = join(folder, nameFor(key));
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
        if (!(await isFree(found, now()))) continue;
        const mine = join(folder, nameFor(scratchKey));
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
  /** Nothing for one that earlier versions made, whose names do not tell enough. */
  readonly owner: Owner | typeof nobody | undefined;
}

async function listPartials(folder: string): Promise<Found[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name): Found[] => {
    const [, key, owner] = /^([\w-]+)\.(.+)\.partial$/.exec(name) ?? [];
    if (key === undefined || owner === undefined) return [];
    const path = join(folder, name);
    if (owner.startsWith(`${nobody}.`)) return [{ path, key, owner: nobody }];
    const parsed = parseOwned(owner);
    if (parsed?.prefix === '') return [{ path, key, owner: parsed.owner }];
    return earlierOwner.test(owner) ? [{ path, key, owner: undefined }] : [];
  });
}

const earlierOwner = /^\w+\.\d+\.[\w-]+$/; // MACHINE.PID.RANDOM

function nameFor(key: string): string {
  return `${key}.${ownerToken()}.partial`;
}

/** A live download that moves nothing ends after a minute, so its folder changes as long as it lives. */
async function isFree({ path, owner }: Found, now: number): Promise<boolean> {
  return owner === nobody || isAbandoned(path, owner, now);
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (isMissing(error)) return false; // another run was faster
    throw error;
  }
}
