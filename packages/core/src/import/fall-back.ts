import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JoinedPart } from './join-arches.ts';
import type { Recording } from './recording.ts';

/** How much of a script could be read. */
export type Reading =
  /** All that a recipe needs, as far as anybody can tell. */
  | 'read'
  /** Something is missing; the script itself could bring it. */
  | 'in part'
  /** Nothing: only the script itself knows what it does. */
  | 'unread'
  /** It compiles in a container or from git, which has to be written as a build. */
  | 'compiled';

const killed = 137; // 128 and SIGKILL: it would not end elsewhere either

/** Judges a run by how it ended, and by what of its tree has a source. */
export function howFar({ code, events }: Recording, joined: readonly JoinedPart[]): Reading {
  const has = (...kinds: readonly string[]): boolean => events.some(({ kind }) => kinds.includes(kind));
  if (has('container', 'git')) return joined.length === 0 ? 'compiled' : 'read';
  const isWhole =
    code === 0 && !has('cannot', 'unknown') && joined.every(({ part }) => part.kind !== 'unknown');
  if (isWhole || code === killed) return 'read';
  return joined.some(({ part }) => 'url' in part) ? 'in part' : 'unread';
}

/** A file the script may read: what lies beside create.sh, static files and tests left out. */
export interface Beside {
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
}

const mostFiles = 50;
const mostBytes = 1024 * 1024; // of each

export async function readBeside(folder: string): Promise<Beside[]> {
  const names = (await readdir(folder)).toSorted().slice(0, mostFiles);
  const found: Beside[] = [];
  for (const name of names) {
    const stats = await lstat(join(folder, name));
    const isOurs = /^(test\.sh|README\.md|recipe\.yaml|artifacts\.lock\.json|\..*)$/.test(name);
    if (isOurs || !stats.isFile() || stats.size > mostBytes) continue;
    found.push({ path: name, content: await readFile(join(folder, name)), mode: stats.mode & 0o777 });
  }
  return found;
}
