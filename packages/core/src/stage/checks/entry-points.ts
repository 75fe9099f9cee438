import { linkStart, resolvePath } from '../resolve-path.ts';
import type { Entries } from './entries.ts';

/** A program that somebody on the host starts by its path. */
export interface EntryPoint {
  /** Where it is called. */
  readonly path: string;
  /** The file it is, behind links. */
  readonly file: string;
  readonly mode: number;
}

const searched = /^\/usr\/(?:local\/)?bin\/[^/]+$/; // the PATH of people and of systemd

/** What is in the folders of a PATH. Links that lead out of the tree, or nowhere, are judged as links. */
export function entryPoints(entries: Entries): EntryPoint[] {
  return entries.all.flatMap(({ path, kind, to }) => {
    if (!searched.test(path) || (kind !== 'file' && kind !== 'symlink')) return [];
    const end = resolvePath(to === undefined ? path : linkStart(path, to), entries.lookup);
    const found = end.kind === 'found' ? entries.find(end.path) : undefined;
    return found?.kind === 'file' ? [{ path, file: end.path, mode: found.mode }] : [];
  });
}
