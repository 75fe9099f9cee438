import { posix } from 'node:path';
import picomatch from 'picomatch';
import { nearNames } from '../diagnostics/near-names.ts';
import { UserError } from '../diagnostics/user-error.ts';
import type { MemberKind } from './member.ts';
import type { Target, Unpacking } from './staging.ts';

export interface MemberSelection {
  /** Where a member goes, as a path in the image; `undefined` leaves it out. */
  place(path: string, kind: MemberKind): Target | undefined;
  /** After the last member: every entry of the recipe must have found something. */
  finish(): void;
}

type Picked = Pick<Unpacking, 'strip' | 'top' | 'into' | 'files' | 'exclude'>;

/** Decides which members of an archive go where. Paths below `top` and without `strip` parts are what rules see. */
export function memberSelection(label: string, picked: Picked): MemberSelection {
  const wanted = (picked.files ?? []).map(({ member, target }) => rule(member, target));
  const unwanted = picked.exclude.map((member) => rule(member, undefined));
  const known: string[] = [];
  let inTop = false;

  return {
    place(path, kind) {
      const inner = innerPath(path, picked.top, picked.strip);
      if (inner === undefined) return undefined;
      inTop = true;
      if (inner !== '') known.push(inner);
      if (markFirst(unwanted, inner, kind) !== undefined) return undefined;
      if (picked.into !== undefined) return { to: joined(picked.into, inner) };
      const found = markFirst(wanted, inner, kind);
      if (found?.target === undefined) return undefined;
      if (found.isGlob && found.hits > 1 && !isFolder(found.target)) {
        throw new UserError(
          'archive.no-member',
          `${label}: "${found.member}" matches more than one member: expected a path that ends in "/", got "${found.target.to}"`,
        );
      }
      return targetOf(found, found.target, inner);
    },
    finish() {
      if (!inTop) {
        const what =
          picked.top === undefined ? `more than ${picked.strip} leading folders` : `"${picked.top}"`;
        throw new UserError('archive.no-member', `${label}: expected members below ${what}, got none`);
      }
      const missing = [...wanted, ...unwanted].find(({ hits }) => hits === 0);
      if (missing !== undefined) throw notFound(label, missing, known);
    },
  };
}

interface Rule {
  readonly member: string;
  readonly target: Target | undefined;
  readonly isGlob: boolean;
  /** Leading folders of a glob that hold no wildcard; "" for none. */
  readonly base: string;
  /** How closely it fits: exact before folder before glob. */
  fit(path: string, kind: MemberKind): number;
  hits: number;
}

function rule(member: string, target: Target | undefined): Rule {
  const { isGlob, base } = picomatch.scan(member);
  if (!isGlob) {
    const plain = member.replace(/\/$/, '');
    const below = `${plain}/`;
    const fit = (path: string) => (path === plain ? 3 : path.startsWith(below) ? 2 : 0);
    return { member: plain, target, isGlob, base: plain, fit, hits: 0 };
  }
  const matches = picomatch(member, { dot: true, nonegate: true });
  // Folders are made as they are needed, so a glob need not speak of them.
  const fit = (path: string, kind: MemberKind) => (kind !== 'folder' && matches(path) ? 1 : 0);
  return { member, target, isGlob, base, fit, hits: 0 };
}

function markFirst(rules: readonly Rule[], path: string, kind: MemberKind): Rule | undefined {
  let best: Rule | undefined;
  let bestFit = 0;
  for (const candidate of rules) {
    const fit = candidate.fit(path, kind);
    if (fit > 0) candidate.hits += 1;
    if (fit > bestFit) [best, bestFit] = [candidate, fit];
  }
  return best;
}

/** A target that ends in "/" keeps what follows a glob's fixed folders, or the last name of an exact member. */
function targetOf({ member, isGlob, base }: Rule, target: Target, path: string): Target {
  const name = isGlob ? '' : isFolder(target) ? posix.basename(member) : '';
  const rest = path.slice(base === '' ? 0 : base.length + 1);
  const to = isGlob && !isFolder(target) ? target.to : joined(joined(target.to, name), rest);
  return target.mode === undefined ? { to } : { to, mode: target.mode };
}

function innerPath(path: string, top: string | undefined, strip: number): string | undefined {
  let inner = path;
  if (top !== undefined) {
    const plain = top.replace(/\/$/, '');
    if (path !== plain && !path.startsWith(`${plain}/`)) return undefined;
    inner = path.slice(plain.length + 1);
  }
  const names = inner === '' ? [] : inner.split('/');
  // Like tar --strip-components: what has no more parts than that is left out.
  if (strip > 0 && names.length <= strip) return undefined;
  return names.slice(strip).join('/');
}

function isFolder(target: Target | undefined): boolean {
  return target?.to.endsWith('/') ?? false;
}

function joined(folder: string, name: string): string {
  const plain = folder.replace(/\/$/, '');
  return name === '' ? plain : `${plain}/${name}`;
}

function notFound(label: string, { member, isGlob }: Rule, known: readonly string[]): UserError {
  const near = nearNames(member, known);
  const seen = near.length === 0 ? 'it has no members there' : `near it: ${near.join(', ')}`;
  return new UserError(
    'archive.no-member',
    `${label}: expected ${isGlob ? 'members that match' : 'a member'} "${member}", got none`,
    {
      hint: seen,
    },
  );
}
