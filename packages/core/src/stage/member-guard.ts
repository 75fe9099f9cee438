import { UserError } from '../diagnostics/user-error.ts';
import type { Member, MemberKind } from './member.ts';

/** Judges the members of one archive in their order. */
export interface MemberGuard {
  /**
   * The member's path without "./" and doubled or trailing slashes; "" is the top folder.
   * Anything hostile is a UserError that names archive and member, whether or not a recipe wants that member.
   */
  admit(member: Member): string;
}

/** How much there may be is not its business: see `archiveLimits`. */
export function memberGuard(label: string): MemberGuard {
  const seen = new Map<string, MemberKind>();

  return {
    admit(member) {
      const refuse = refuser(label, member.path);
      const path = plainPath(member.path, refuse);
      if (path === '' && member.kind !== 'folder') refuse('expected a name, got none');
      if (member.kind === 'other') refuse(`expected a file, folder or link, got ${member.what}`);
      checkBits(member, refuse);
      checkLink(member, seen, refuse);
      checkPlace(path, member.kind, seen, refuse);
      return path;
    },
  };
}

type Refuse = (reason: string) => never;

function refuser(label: string, path: string): Refuse {
  return (reason) => {
    throw new UserError('archive.refused', `${label}: member ${JSON.stringify(path)}: ${reason}`);
  };
}

function plainPath(path: string, refuse: Refuse): string {
  if (path === '') refuse('expected a name, got none');
  if (/\p{Cc}/u.test(path)) refuse('expected a name without control characters');
  // What the decoder puts where bytes are not UTF-8: two such names could become one.
  if (path.includes('\u{FFFD}')) refuse('expected a name in UTF-8');
  if (path.startsWith('/')) refuse('expected a path inside the archive, got an absolute one');
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) refuse('expected a path inside the archive, got one with ".."');
  return names.join('/');
}

/** On a folder these bits do no harm: folders do not keep their bits. */
function checkBits({ kind, mode, hasCapabilities }: Member, refuse: Refuse): void {
  if (kind !== 'file' && kind !== 'hardlink') return;
  if ((mode & 0o4000) !== 0) refuse('expected no special permission bits, got setuid');
  if ((mode & 0o2000) !== 0) refuse('expected no special permission bits, got setgid');
  if ((mode & 0o1000) !== 0) refuse('expected no special permission bits, got sticky');
  if (hasCapabilities === true) refuse('expected no capabilities of a file, which an image does not carry');
}

/** Where a symlink may point depends on where it lands in the image: whoever places it judges that. */
function checkLink({ kind, linkname }: Member, seen: ReadonlyMap<string, MemberKind>, refuse: Refuse): void {
  if (kind === 'symlink' && !/^[^\p{Cc}\u{FFFD}]+$/u.test(linkname)) {
    refuse(`expected a link with a target, got ${JSON.stringify(linkname)}`);
  }
  if (kind !== 'hardlink') return;
  const target = plainPath(linkname, (reason) => refuse(`links to ${JSON.stringify(linkname)}: ${reason}`));
  const known = seen.get(target);
  if (known !== 'file' && known !== 'hardlink') {
    refuse(`expected a hardlink to an earlier file, got one to ${JSON.stringify(linkname)}`);
  }
}

/** Refuses a second member of the same path, and members below anything that is not a folder. */
function checkPlace(path: string, kind: MemberKind, seen: Map<string, MemberKind>, refuse: Refuse): void {
  const known = seen.get(path);
  if (known !== undefined && !(known === 'folder' && kind === 'folder')) {
    refuse(`expected each path once, got it as a ${known} before`);
  }
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const above = path.slice(0, end);
    const there = seen.get(above);
    if (there === 'folder') break;
    if (there !== undefined) refuse(`expected a folder above it, got the ${there} ${JSON.stringify(above)}`);
    seen.set(above, 'folder');
  }
  seen.set(path, kind);
}
