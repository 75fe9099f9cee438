import { closeSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import type { Exec } from '../ports/exec.ts';
import { type Archive, type Member, readMembers } from '../stage/members.ts';
import { createTree, type Tree } from '../stage/tree.ts';

const special = 0o7000; // setuid, setgid, sticky: here files belong to whoever runs the bakery

/**
 * Unpacks a whole archive, e.g. the root of another system, into an existing empty folder. Devices and pipes
 * are left out, special permission bits too; nothing is written outside the folder or through a link.
 * `limit` in bytes. `leaveOut` names members that are not wanted.
 */
export async function extractAll(
  archive: Archive,
  folder: string,
  limit: number,
  context: { readonly exec: Exec },
  leaveOut: (member: Member) => boolean = () => false,
): Promise<void> {
  // A tree has no files at its top, and a root has links there.
  const tree = createTree(dirname(folder));
  const top = `/${basename(folder)}`;
  let left = limit;
  for await (const member of readMembers(archive, limit, context)) {
    if (leaveOut(member)) continue;
    left -= member.size;
    if (left < 0) throw new UserError(`${archive.label}: expected at most ${limit} bytes, got more`);
    const path = plainPath(member.path);
    if (path !== '') await extract(tree, member, { top, path }, archive.label);
  }
}

async function extract(
  tree: Tree,
  member: Member,
  { top, path: inside }: { readonly top: string; readonly path: string },
  label: string,
): Promise<void> {
  const path = top + inside;
  switch (member.kind) {
    case 'folder':
      return tree.folder(path, label);
    case 'symlink':
      return tree.symlink(path, member.linkname, label);
    case 'hardlink': {
      const first = top + plainPath(member.linkname);
      const kind = tree.written.get(first)?.kind;
      if (kind === undefined || kind === 'folder') {
        throw new UserError(`${label}: ${path}: expected a hardlink to an earlier file, got one to ${first}`);
      }
      return tree.hardlink(path, first, label);
    }
    case 'file':
      return write(tree.create(path, (member.mode & 0o777 & ~special) | 0o600, label), member);
    case 'other':
  }
}

async function write(file: number, { body }: Member): Promise<void> {
  try {
    for await (const chunk of body) {
      for (let from = 0; from < chunk.length;) from += writeSync(file, chunk, from);
    }
  } finally {
    closeSync(file);
  }
}

/** `""` for the top itself; the tree refuses "..". */
function plainPath(path: string): string {
  return path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .map((name) => `/${name}`)
    .join('');
}
