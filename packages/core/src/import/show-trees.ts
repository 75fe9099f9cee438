import type { ChangedPath } from '../compare/compare-contents.ts';
import type { Content } from '../compare/contents.ts';
import { foldFolders } from '../compare/fold-folders.ts';
import { showBytes } from '../diagnostics/show-bytes.ts';
import type { Comparison } from './compare-trees.ts';

const mostLines = 40; // of a list for people

/** One line for each thing a person has to decide because the trees are not the same. */
export function leftOfTrees(comparison: Comparison): string[] {
  if ('why' in comparison) return [`trees: not compared: ${comparison.why}`];
  const { onlyScript, onlyRecipe, changed } = comparison;
  const lines = [
    ...foldFolders(onlyScript).map(
      ({ path, content, inside }) => `${path}: only the script makes it, ${showContent(content, inside)}`,
    ),
    ...foldFolders(onlyRecipe).map(
      ({ path, content, inside }) => `${path}: only the recipe makes it, ${showContent(content, inside)}`,
    ),
    ...changed.map((change) => `${change.path}: ${showChange(change)}`),
  ];
  const rest = lines.length - mostLines;
  return [
    ...lines.slice(0, mostLines).map((line) => `trees: ${line}`),
    ...(rest > 0 ? [`trees: and ${rest} more differences; --json names them all`] : []),
  ];
}

/** What came of the comparison, in a line. */
export function showTrees(comparison: Comparison): string {
  if ('why' in comparison) return `trees: not compared`;
  const { version, arch, same, onlyScript, onlyRecipe, changed } = comparison;
  const different = onlyScript.length + onlyRecipe.length + changed.length;
  const what = different === 0 ? `the same ${same} paths` : `${different} paths different, ${same} the same`;
  return `trees of ${version} for ${arch}, by the script and by the recipe: ${what}`;
}

function showContent({ kind, mode, size, target }: Content, inside: number): string {
  if (inside > 0) return `a folder with ${inside} paths in it`;
  if (kind === 'symlink') return `a link to ${target}`;
  if (kind === 'directory') return `a folder, mode ${octal(mode)}`;
  return kind === 'file'
    ? `a file of ${showBytes(size)}, mode ${octal(mode)}`
    : 'neither file, folder nor link';
}

function showChange({ kind, mode, target, size, sha256 }: ChangedPath): string {
  const facts = [
    kind === undefined ? '' : between(...kind),
    mode === undefined ? '' : `mode ${between(octal(mode[0]), octal(mode[1]))}`,
    target === undefined ? '' : `link to ${between(...target)}`,
    size === undefined ? '' : between(showBytes(size[0]), showBytes(size[1])),
    sha256 === undefined || size !== undefined ? '' : 'other bytes of the same size',
  ];
  return facts.filter((fact) => fact !== '').join('; ');
}

function between(script: string, recipe: string): string {
  return `${script} by the script, ${recipe} by the recipe`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
