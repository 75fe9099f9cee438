import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { findInRoot } from '../lifetime/find-inside.ts';
import type { Tree } from '../stage/tree.ts';
import { parseEntryPath } from './entry-path.ts';
import { layOut, type Part, type Sides } from './flatwrap-layout.ts';
import { enterScript, wrapperScript } from './flatwrap-scripts.ts';
import { takeFolder } from './take-folder.ts';

export interface FlatwrapRequest {
  /** Folder on this machine with the system to ship. */
  readonly root: string;
  /** Of the extension. */
  readonly name: string;
  /** Programs, units and folders, as parseEntryPath reads them. */
  readonly entries: readonly string[];
  readonly sides: Sides;
}

/**
 * Ships a root in `/usr/lib/flatwrap/NAME` and, for each program among the entries, a wrapper that runs it in
 * there; other entries are copied to where the host finds them.
 */
export function flatwrap({ root, name, entries, sides }: FlatwrapRequest, tree: Tree): void {
  const by = `flatwrap of ${name}`;
  const home = `/usr/lib/flatwrap/${name}`;
  const parts = layOut(root, sides);
  for (const part of parts) {
    if (part.kind === 'chroot') copyRoot(part.from.at, `${home}/root${part.path}`, tree, by);
  }
  for (const path of mountPoints(parts)) tree.folder(`${home}/root${path}`, by);
  tree.folder(`${home}/mount`, by);
  tree.file(`${home}/enter`, enterScript(name, parts), 0o755, by);
  for (const { from, to } of entries.map(parseEntryPath)) {
    const found = findInRoot(root, from);
    if (found === undefined)
      throw new UserError('build.root', `${by}: expected ${from} in the root, got nothing`);
    if (!found.stats.isFile() || (found.stats.mode & 0o111) === 0) takeFolder(root, from, to, tree, by);
    else tree.file(to, wrapperScript(name, visible(from, parts, by)), 0o755, by);
  }
}

/** Links keep their targets: they are followed inside the private root only. */
function copyRoot(from: string, to: string, tree: Tree, by: string): void {
  const found = lstatSync(from);
  if (found.isDirectory()) {
    tree.folder(to, by);
    for (const name of readdirSync(from).toSorted()) copyRoot(join(from, name), `${to}/${name}`, tree, by);
  } else if (found.isSymbolicLink()) {
    tree.symlink(to, readlinkSync(from), by);
  } else if (found.isFile()) {
    tree.copy(to, from, (found.mode & 0o755) | 0o444, by);
  }
}

/** Folders of the host inside a folder of the root, which is read-only on the host. */
function mountPoints(parts: readonly Part[]): string[] {
  const shipped = parts.filter(({ kind }) => kind === 'chroot');
  return parts.flatMap(({ kind, path }) =>
    kind === 'host' && shipped.some((above) => path.startsWith(`${above.path}/`)) ? [path] : [],
  );
}

function visible(program: string, parts: readonly Part[], by: string): string {
  const isThere = parts.some(({ kind, path }) => kind !== 'host' && program.startsWith(`${path}/`));
  if (isThere && /^[\w./@+-]+$/.test(program)) return program;
  throw new UserError('build.root', `${by}: expected a program in ${folders(parts)}, got "${program}"`);
}

function folders(parts: readonly Part[]): string {
  return parts.flatMap(({ kind, path }) => (kind === 'host' ? [] : [path])).join(', ');
}
