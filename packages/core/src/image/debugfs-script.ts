import { posix } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import type { TreeEntry } from './walk-tree.ts';

const maxLine = 8000; // bytes; debugfs reads lines into a buffer of BUFSIZ = 8192

/**
 * Commands for debugfs that put `entries` (from walkTree) into an empty file system. Everything belongs
 * to root and carries debugfs's own time, since none of these commands copies either from the machine.
 */
export function debugfsScript(entries: readonly TreeEntry[]): string[] {
  const lines: string[] = [];
  const links = countLinks(entries);
  let folder = '/';
  for (const entry of entries) {
    if (entry.path === '/') continue;
    const parent = posix.dirname(entry.path);
    // Older debugfs takes the new name of `write` as a plain name, not as a path.
    if (parent !== folder) lines.push(`cd ${quote(parent)}`);
    folder = parent;
    lines.push(...commandsFor(entry, links));
  }
  return lines;
}

function commandsFor(entry: TreeEntry, links: ReadonlyMap<string, number>): string[] {
  const name = quote(posix.basename(entry.path));
  const count = links.get(entry.path);
  if (entry.linkTo !== undefined) return [`ln ${quote(entry.linkTo)} ${quote(entry.path)}`];
  if (entry.kind === 'special') {
    throw new UserError(`${entry.path}: expected a file, folder or symlink, got a device, socket or pipe`);
  }
  if (entry.kind === 'symlink') return [`symlink ${name} ${quote(entry.target ?? '')}`];
  if (entry.kind === 'directory') {
    const mode = `04${entry.mode.toString(8).padStart(4, '0')}`;
    return [`mkdir ${name}`, `sif ${quote(entry.path)} mode ${mode}`];
  }
  return [
    `write ${quote(entry.source)} ${name}`,
    ...(count === undefined ? [] : [`sif ${quote(entry.path)} links_count ${count}`]),
  ];
}

/** How many names each hard-linked file has; `ln` of debugfs leaves counting to others. */
function countLinks(entries: readonly TreeEntry[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { linkTo } of entries) {
    if (linkTo !== undefined) counts.set(linkTo, (counts.get(linkTo) ?? 1) + 1);
  }
  return counts;
}

/** One argument as debugfs reads it: a quote inside quotes is doubled; there is no escape for a line's end. */
function quote(text: string): string {
  if (/[\n\r]/.test(text) || Buffer.byteLength(text) > maxLine / 2) {
    throw new UserError(
      `${JSON.stringify(text)}: expected a name debugfs can read: one line, at most ${maxLine / 2} bytes`,
    );
  }
  return `"${text.replaceAll('"', '""')}"`;
}
