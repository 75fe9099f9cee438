import { UserError } from '../diagnostics/user-error.ts';
import type { Exec } from '../ports/exec.ts';
import { memberGuard } from './member-guard.ts';
import { memberSelection } from './member-selection.ts';
import type { Member } from './member.ts';
import { type Archive, readMembers } from './members.ts';
import { linkStart, resolvePath } from './resolve-path.ts';
import type { Target, Unpacking } from './staging.ts';
import type { Tree } from './tree.ts';
import { writeBody } from './write-body.ts';

/**
 * Writes the wanted members of an archive into a tree. Folders get mode 0755; files keep what the archive says,
 * readable by their owner and writable by nobody else. A hostile member refuses the whole archive, wanted or not;
 * only where a symlink points is judged when it is wanted, because that depends on where it lands.
 */
export async function unpack(
  archive: Archive,
  unpacking: Unpacking,
  tree: Tree,
  context: { readonly exec: Exec },
): Promise<void> {
  const guard = memberGuard(archive.label);
  const selection = memberSelection(archive.label, unpacking);
  const landed = new Map<string, string>();
  for await (const member of readMembers(archive, unpacking.limit, context)) {
    const path = guard.admit(member);
    const target = selection.place(path, member.kind);
    if (target === undefined) continue;
    await place(archive, member, target, tree, landed);
    landed.set(path, target.to);
  }
  selection.finish();
}

async function place(
  archive: Archive,
  member: Member,
  target: Target,
  tree: Tree,
  landed: ReadonlyMap<string, string>,
): Promise<void> {
  switch (member.kind) {
    case 'folder':
      return tree.folder(target.to, archive.label);
    case 'symlink':
      checkSymlink(archive, member, target.to);
      return tree.symlink(target.to, member.linkname, archive.label);
    case 'hardlink':
      return linkAgain(archive, member, target, tree, landed);
    case 'file':
      return writeBody(
        archive,
        member,
        tree.create(target.to, fileMode(member, target), archive.label),
        target.to,
      );
    case 'other':
      throw new Error(`${member.path}: the guard lets no ${member.what} pass`);
  }
}

function fileMode(member: Member, target: Target): number {
  return target.mode ?? (member.mode & 0o755) | 0o400;
}

/** A target inside the image may dangle: another artifact can bring it. */
function checkSymlink(archive: Archive, { path, linkname }: Member, to: string): void {
  const end = resolvePath(linkStart(to, linkname), () => true);
  if (end.kind !== 'outside') return;
  throw new UserError(
    'archive.refused',
    `${archive.label}: member ${JSON.stringify(path)}: expected a link to somewhere in /usr or /opt, got "${linkname}" at ${to}`,
    { hint: 'exclude the member and say what you want with links' },
  );
}

function linkAgain(
  archive: Archive,
  { path, linkname }: Member,
  target: Target,
  tree: Tree,
  landed: ReadonlyMap<string, string>,
): void {
  const first = linkname
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/');
  const existing = landed.get(first);
  if (existing === undefined) {
    throw new UserError(
      'archive.refused',
      `${archive.label}: member ${JSON.stringify(path)}: is a hardlink to "${first}", which is not taken`,
      { hint: `take "${first}" instead of it, or both` },
    );
  }
  const mode = tree.written.get(existing)?.mode ?? 0o644;
  if (target.mode === undefined || target.mode === mode) {
    return tree.hardlink(target.to, existing, archive.label);
  }
  return tree.copy(target.to, tree.at(existing), target.mode, archive.label);
}
