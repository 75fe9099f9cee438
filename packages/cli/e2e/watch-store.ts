import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hashOf, identityOf, manifestOf } from './store-folder.ts';

const pauseMs = 2; // looks hundreds of times into the tenths of a second in which a run writes

/** What a host may rely on; every break of it so far, as text. */
export interface StoreWatch {
  readonly broken: readonly string[];
  /** Looks once more. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Looks at a store again and again: whatever a SHA256SUMS names must be there with that hash, what was published
 * must stay as it is, and no index may lose what it once named.
 */
export function watchStore(store: string): StoreWatch {
  const broken: string[] = [];
  const named = new Map<string, Set<string>>();
  const published = new Map<string, string>();
  const hashes = new Map<string, string>();
  const stopped = new AbortController();
  const ended = (async () => {
    while (!stopped.signal.aborted) {
      await look();
      await pause(pauseMs);
    }
  })();
  return {
    broken,
    look,
    stop: async () => {
      stopped.abort();
      await ended;
      await look();
    },
  };

  async function look(): Promise<void> {
    const entries = await readdir(store, { withFileTypes: true }).catch(() => []);
    const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
    for (const folder of ['', ...folders.map(({ name }) => name)]) {
      await lookAtManifest(folder);
      if (/-v?\d/.test(folder)) await lookAtRelease(folder);
    }
  }

  async function lookAtManifest(folder: string): Promise<void> {
    const entries = await manifestOf(join(store, folder));
    for (const [name, sha256] of entries) {
      const found = await known(join(store, folder, name));
      if (found !== sha256) broken.push(`${folder}/SHA256SUMS names ${name} ${sha256}, there is ${found}`);
    }
    for (const name of named.get(folder) ?? []) {
      if (!entries.has(name)) broken.push(`${folder}/SHA256SUMS no longer names ${name}`);
    }
    named.set(folder, new Set(entries.keys()));
  }

  async function lookAtRelease(folder: string): Promise<void> {
    for (const name of await readdir(join(store, folder))) {
      const path = join(folder, name);
      const now = `${await identityOf(join(store, path))} ${await known(join(store, path))}`;
      const before = published.get(path) ?? now;
      if (before !== now) broken.push(`${path} was changed`);
      published.set(path, before);
    }
    const files = [...published.keys()].filter((path) => path.startsWith(`${folder}/`));
    const missing = files.length - (await readdir(join(store, folder))).length;
    if (missing > 0) broken.push(`${folder} lost ${missing} file(s)`);
  }

  /** The hash of a file; only computed again when the file is another. */
  async function known(path: string): Promise<string | undefined> {
    const identity = await identityOf(path).catch(() => undefined);
    if (identity === undefined) return undefined;
    const hash = hashes.get(identity) ?? (await hashOf(path));
    hashes.set(identity, hash);
    return hash;
  }
}
