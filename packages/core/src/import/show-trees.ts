import type { ChangedPath } from '../compare/compare-contents.ts';
import type { Content } from '../compare/contents.ts';
import { foldFolders } from '../compare/fold-folders.ts';
import { showBytes } from '../diagnostics/show-bytes.ts';
import type { Cell, Comparison } from './compare-trees.ts';

const mostLines = 40; // of a list for people

/** What is compared: one of these, or why there is none at all. */
export type Comparisons = readonly Comparison[] | { readonly why: string };

/** One line for each thing a person has to decide because the trees are not the same; with where, unless it is everywhere. */
export function leftOfTrees(comparisons: Comparisons): string[] {
  if ('why' in comparisons) return [`trees: not compared: ${comparisons.why}`];
  const places = new Map<string, Cell[]>();
  for (const one of comparisons) {
    for (const line of linesOf(one)) places.set(line, [...(places.get(line) ?? []), one]);
  }
  const lines = [...places].map(([line, cells]) => {
    const isEverywhere = cells.length === comparisons.length;
    return isEverywhere ? line : `${line} (${cells.map(showCell).join(', ')})`;
  });
  const rest = lines.length - mostLines;
  return [
    ...lines.slice(0, mostLines).map((line) => `trees: ${line}`),
    ...(rest > 0 ? [`trees: and ${rest} more differences; --json names them all`] : []),
  ];
}

function linesOf(comparison: Comparison): string[] {
  if ('why' in comparison) return [`not compared: ${comparison.why}`];
  const { onlyScript, onlyRecipe, changed } = comparison;
  return [
    ...foldFolders(onlyScript).map(
      ({ path, content, inside }) => `${path}: only the script makes it, ${showContent(content, inside)}`,
    ),
    ...foldFolders(onlyRecipe).map(
      ({ path, content, inside }) => `${path}: only the recipe makes it, ${showContent(content, inside)}`,
    ),
    ...changed.map((change) => `${change.path}: ${showChange(change)}`),
  ];
}

/** What came of the comparisons, a line for each. */
export function showTrees(comparisons: Comparisons): string {
  if ('why' in comparisons) return 'trees: not compared\n';
  return comparisons.map((one) => `trees of ${showCell(one)}${showResult(one)}\n`).join('');
}

function showResult(comparison: Comparison): string {
  if ('why' in comparison) return ': not compared';
  const { same, onlyScript, onlyRecipe, changed } = comparison;
  const different = onlyScript.length + onlyRecipe.length + changed.length;
  const what = different === 0 ? `the same ${same} paths` : `${different} paths different, ${same} the same`;
  return `, by the script and by the recipe: ${what}`;
}

function showCell({ version, arch }: Cell): string {
  return `${version} for ${arch}`;
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
