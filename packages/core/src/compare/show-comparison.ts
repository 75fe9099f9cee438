import { showBytes } from '../diagnostics/show-bytes.ts';
import type { ChangedPath, Pair } from './compare-contents.ts';
import type { ChangedInput } from './compare-inputs.ts';
import { type Comparison, isSameTree } from './comparison.ts';
import type { Content } from './contents.ts';
import { type Folded, foldFolders } from './fold-folders.ts';

/** A comparison for people; `most` lines of each kind at most. */
export function showComparison(comparison: Comparison, most = Infinity): string {
  const { from, to } = comparison;
  return [
    `${from.name} → ${to.name}`,
    ...showImage(comparison),
    ...atMost(comparison.inputs?.map(showInput) ?? [], most),
    ...showFiles(comparison, most),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function showImage({ from, to }: Comparison): string[] {
  if (from.sha256 === to.sha256) return [`image: the same bytes, ${showBytes(to.size)}`];
  const percent = ((to.size / from.size - 1) * 100).toFixed(1);
  const sizes = `${showBytes(from.size)} → ${showBytes(to.size)} (${percent.startsWith('-') ? '' : '+'}${percent} %)`;
  return [`image: ${sizes}, ${from.format === to.format ? to.format : `${from.format} → ${to.format}`}`];
}

function showInput({ what, from = 'none', to = 'none' }: ChangedInput): string {
  return `${what}: ${from} → ${to}`;
}

function showFiles(comparison: Comparison, most: number): string[] {
  const { added, removed, changed, same } = comparison.files;
  if (isSameTree(comparison)) return [`files: the same ${same} paths`];
  return [
    `files: ${added.length} added, ${removed.length} removed, ${changed.length} changed, ${same} paths the same`,
    ...atMost(
      foldFolders(added).map((one) => `+ ${showPath(one)}`),
      most,
    ),
    ...atMost(
      foldFolders(removed).map((one) => `- ${showPath(one)}`),
      most,
    ),
    ...atMost(
      changed.map((one) => showChange(one).join('\n')),
      most,
    ),
  ];
}

/** So that a release of ten thousand files stays readable. */
function atMost(lines: readonly string[], most: number): string[] {
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, most), `… and ${lines.length - most} more`];
}

function showPath({ path, content, inside, size }: Folded): string {
  if (inside > 0) return `${path}  ${inside} paths, ${showBytes(size)}`;
  return `${path}  ${showContent(content)}`;
}

function showContent({ kind, mode, size, target, needs }: Content): string {
  if (kind === 'symlink') return `→ ${target}`;
  if (kind === 'directory') return `folder, ${octal(mode)}`;
  const libraries = needs === undefined || needs.length === 0 ? '' : `, needs ${needs.join(' ')}`;
  return `${octal(mode)}, ${showBytes(size)}${libraries}`;
}

function showChange({ path, kind, mode, owner, target, size, sha256, needs, lines }: ChangedPath): string[] {
  const facts = [
    kind === undefined ? '' : `${kind[0]} → ${kind[1]}`,
    mode === undefined ? '' : `mode ${octal(mode[0])} → ${octal(mode[1])}`,
    owner === undefined ? '' : `owner ${owner[0]} → ${owner[1]}`,
    target === undefined ? '' : `link to ${target[0]} → ${target[1]}`,
    lines === undefined ? showBytesOf(size, sha256) : '',
    ...(needs?.added ?? []).map((library) => `needs ${library} now`),
    ...(needs?.removed ?? []).map((library) => `needs ${library} no more`),
  ];
  return [
    `~ ${path}  ${facts.filter((fact) => fact !== '').join(', ')}`.trimEnd(),
    ...(lines?.removed ?? []).map((line) => `    - ${line}`),
    ...(lines?.added ?? []).map((line) => `    + ${line}`),
  ];
}

function showBytesOf(size: Pair<number> | undefined, sha256: Pair<string> | undefined): string {
  if (size !== undefined) return `${showBytes(size[0])} → ${showBytes(size[1])}`;
  if (sha256 === undefined) return '';
  return `other bytes (sha256 ${sha256[0].slice(0, 12)}… → ${sha256[1].slice(0, 12)}…)`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
