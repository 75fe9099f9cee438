import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Lookup } from '../resolve-path.ts';

/** One path of a finished tree. */
export interface Entry {
  /** As in the image: `/usr/bin/x`. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'symlink' | 'other';
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  /** Target of a symlink. */
  readonly to?: string;
}

/** A finished tree as checks see it. */
export interface Entries {
  readonly root: string;
  /** Every path but the root, sorted, folders before what is in them. */
  readonly all: readonly Entry[];
  readonly find: (path: string) => Entry | undefined;
  readonly lookup: Lookup;
}

export function readEntries(root: string): Entries {
  const byPath = new Map<string, Entry>();
  walk(root, '', byPath);
  const lookup: Lookup = (path) => {
    const found = byPath.get(path);
    return found === undefined ? undefined : (found.to ?? true);
  };
  return { root, all: [...byPath.values()], find: (path) => byPath.get(path), lookup };
}

function walk(root: string, folder: string, found: Map<string, Entry>): void {
  for (const name of readdirSync(join(root, folder)).toSorted()) {
    const path = `${folder}/${name}`;
    const place = join(root, path);
    const state = lstatSync(place);
    const mode = state.mode & 0o7777;
    if (state.isDirectory()) {
      found.set(path, { path, kind: 'folder', mode });
      walk(root, path, found);
    } else if (state.isSymbolicLink()) {
      found.set(path, { path, kind: 'symlink', mode, to: readlinkSync(place) });
    } else {
      found.set(path, { path, kind: state.isFile() ? 'file' : 'other', mode });
    }
  }
}
