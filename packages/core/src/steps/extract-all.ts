import { basename, dirname } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import type { Exec } from '../ports/exec.ts';
import type { Member } from '../stage/member.ts';
import { type Archive, readMembers } from '../stage/members.ts';
import { createTree, type Tree } from '../stage/tree.ts';
import { writeBody } from '../stage/write-body.ts';

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
  for await (const member of readMembers(archive, limit, context)) {
    if (leaveOut(member)) continue;
    const path = plainPath(member.path);
    if (path !== '') await extract(tree, member, { top, path }, archive);
  }
}

async function extract(
  tree: Tree,
  member: Member,
  { top, path: inside }: { readonly top: string; readonly path: string },
  archive: Archive,
): Promise<void> {
  const { label } = archive;
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
        throw new UserError(
          'archive.refused',
          `${label}: ${path}: expected a hardlink to an earlier file, got one to ${first}`,
        );
      }
      return tree.hardlink(path, first, label);
    }
    case 'file':
      return writeBody(archive, member, tree.create(path, (member.mode & 0o777) | 0o600, label), inside);
    case 'other':
      if (leftBehind.has(member.what)) return;
      throw new UserError(
        'archive.refused',
        `${label}: ${inside}: expected a file, folder, link or device, got ${member.what}`,
      );
  }
}

const leftBehind: ReadonlySet<string> = new Set(['a character device', 'a block device', 'a fifo']);

/** `""` for the top itself; the tree refuses "..". */
function plainPath(path: string): string {
  return path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .map((name) => `/${name}`)
    .join('');
}
