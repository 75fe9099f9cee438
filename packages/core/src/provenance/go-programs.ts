import type { TreeEntry } from '../image/walk-tree.ts';
import { type GoProgram, goProgram } from './go-program.ts';

/** A program of an image, by its path there. */
export interface FoundGoProgram extends GoProgram {
  readonly path: string;
}

/** All programs of a tree that say which modules of Go they are made of, in the order of their paths. */
export async function goPrograms(entries: readonly TreeEntry[]): Promise<readonly FoundGoProgram[]> {
  const found: FoundGoProgram[] = [];
  for (const { kind, linkTo, path, source } of entries) {
    if (kind !== 'file' || linkTo !== undefined) continue;
    const program = await goProgram(source);
    if (program !== undefined) found.push({ path, ...program });
  }
  return found;
}
