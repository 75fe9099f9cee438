import { lstatSync, readlinkSync } from 'node:fs';
import { posix } from 'node:path';
import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { plainPath } from '../language/image-paths.ts';
import { findInRoot, type Inside } from '../lifetime/find-inside.ts';

/** Which of two sides a folder is seen from: the shipped root or the host. */
export type Side = 'chroot' | 'host';

export interface Sides {
  readonly etc: Side;
  readonly var: Side;
  readonly home: Side;
  /** Folders seen from the shipped root beside those. */
  readonly chroot: readonly string[];
  /** Folders seen from the host beside those. */
  readonly host: readonly string[];
}

export const usualSides: Sides = {
  etc: 'host',
  var: 'host',
  home: 'host',
  chroot: ['/usr', '/lib', '/lib64', '/bin', '/sbin'],
  host: ['/dev', '/proc', '/sys', '/run', '/tmp', '/var/tmp'],
};

/** How a path of the private root comes to be; parents come before what is in them. */
export type Part =
  | { readonly kind: 'chroot'; readonly path: string; readonly from: Inside }
  | { readonly kind: 'link'; readonly path: string; readonly to: string }
  | { readonly kind: 'host'; readonly path: string };

/** What a program in the private root sees. What the shipped root has not got is left out. */
export function layOut(root: string, sides: Sides): Part[] {
  const mapped = (side: Side) =>
    (['etc', 'var', 'home'] as const).filter((name) => sides[name] === side).map((name) => `/${name}`);
  const chroot = [...sides.chroot, ...mapped('chroot')];
  const host = [...sides.host, ...mapped('host')];
  const parts = [
    ...chroot.flatMap((path) => chrootPart(root, checked(path))),
    ...host.map((path): Part => ({ kind: 'host', path: checked(path) })),
  ].toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  for (const [index, part] of parts.entries()) {
    if (part.path === parts[index - 1]?.path) {
      throw new UserError('build.root', `flatwrap: expected ${part.path} from one side, got both`);
    }
    const above = parts.find(({ kind, path }) => kind === 'host' && part.path.startsWith(`${path}/`));
    if (part.kind !== 'host' && above !== undefined) {
      throw new UserError(
        'build.root',
        `flatwrap: ${part.path}: expected no part of the root below ${above.path} of the host`,
      );
    }
  }
  return parts;
}

function chrootPart(root: string, path: string): Part[] {
  const above = findInRoot(root, posix.dirname(path));
  if (above === undefined) return [];
  const at = join(above.at, posix.basename(path));
  if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    return [{ kind: 'link', path, to: checkedLink(readlinkSync(at), path) }];
  }
  const from = findInRoot(root, path);
  return from?.stats.isDirectory() === true ? [{ kind: 'chroot', path, from }] : [];
}

/** It goes into a shell script. */
function checked(path: string): string {
  if (plainPath.test(path)) return path;
  throw new UserError(
    'recipe.invalid',
    `flatwrap: expected an absolute path of letters, digits and "._@+-", got ${JSON.stringify(path)}`,
  );
}

function checkedLink(to: string, path: string): string {
  if (/^[\w./@+-]+$/.test(to)) return to;
  throw new UserError(
    'build.root',
    `flatwrap: ${path}: expected a link with a plain target, got ${JSON.stringify(to)}`,
  );
}
