import type { Content } from './contents.ts';

/** A path to show, or a folder that stands for all in it. */
export interface Folded {
  readonly path: string;
  readonly content: Content;
  /** How many other paths it stands for. */
  readonly inside: number;
  /** Bytes of all files. */
  readonly size: number;
}

/**
 * What came or went as people read it: a folder that is not on the other side stands for all below it, except when
 * that is a single path, which then stands for the folders above it.
 */
export function foldFolders(contents: readonly Content[]): readonly Folded[] {
  const folded: Folded[] = [];
  for (const content of contents) {
    const above = folded.at(-1);
    const isInside = above?.content.kind === 'directory' && content.path.startsWith(`${above.content.path}/`);
    if (!isInside || above === undefined) {
      folded.push({ path: content.path, content, inside: 0, size: content.size });
      continue;
    }
    folded[folded.length - 1] = { ...above, inside: above.inside + 1, size: above.size + content.size };
  }
  return folded.map((one) => unfolded(one, contents));
}

/** A chain of folders that ends in one path is that path. */
function unfolded(one: Folded, contents: readonly Content[]): Folded {
  if (one.inside === 0) return one;
  const below = contents.filter(({ path }) => path.startsWith(`${one.path}/`));
  const ends = below.filter(({ kind }) => kind !== 'directory');
  const [only] = ends;
  if (ends.length !== 1 || only === undefined || below.at(-1) !== only)
    return { ...one, path: `${one.path}/` };
  return { path: only.path, content: only, inside: 0, size: only.size };
}
