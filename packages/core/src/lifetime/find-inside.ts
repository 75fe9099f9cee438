import { lstatSync, readlinkSync, realpathSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { isNativeError } from 'node:util/types';
import { UserError } from '../diagnostics/user-error.ts';

const maxHops = 40; // links followed before Linux says ELOOP

/** What is at a path of a folder that strangers filled, found without leaving it. */
export interface Inside {
  /** Absolute, as seen inside; never through a link. */
  readonly path: string;
  /** On this machine; never through a link below the folder. */
  readonly at: string;
  readonly stats: Stats;
}

/** A link that leads out of its folder, as seen inside. */
interface Leaving {
  readonly link: string;
  readonly to: string;
}

/** Finds `path` inside `root` as a host would whose `/` it is. `undefined` when nothing is there. */
export function findInRoot(root: string, path: string): Inside | undefined {
  const found = walk(root, path, 'root');
  return found === undefined || 'link' in found ? undefined : found;
}

/**
 * Finds `path` inside `folder`, where a link may lead anywhere in it, and nowhere else: that is a UserError, which
 * calls the folder by the name it is `shown` with. `undefined` when nothing is there.
 */
export function findInFolder(folder: string, path: string, shown = folder): Inside | undefined {
  const found = walk(folder, path, 'folder');
  if (found === undefined || !('link' in found)) return found;
  const where = join(shown, found.link);
  throw new UserError(
    'path.outside',
    `${where}: expected nothing outside of ${shown}, got a link to "${found.to}"`,
  );
}

/** What else than a file or folder it is: never to be opened, because that waits for others or moves a device. */
export function specialKind({ stats }: Inside): string | undefined {
  if (stats.isFile() || stats.isDirectory()) return undefined;
  if (stats.isFIFO()) return 'a fifo';
  return stats.isSocket() ? 'a socket' : 'a device';
}

/** Where an absolute link leads, as seen inside; `undefined` is outside. */
function targetIn(root: string, kind: 'root' | 'folder', to: string): string | undefined {
  if (kind === 'root') return to;
  const real = realpathSync(root);
  return to === real || to.startsWith(`${real}/`) ? to.slice(real.length) : undefined;
}

function walk(root: string, path: string, kind: 'root' | 'folder'): Inside | Leaving | undefined {
  let rest = parts(path);
  let done: string[] = [];
  let hops = 0;
  /** The link that is followed right now, and how much of `rest` is not from it. */
  let following: (Leaving & { readonly remaining: number }) | undefined;
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    if (following !== undefined && rest.length < following.remaining) following = undefined;
    if (name === '.') continue;
    if (name === '..') {
      if (done.length === 0 && kind === 'folder') return following ?? { link: path, to: '..' };
      done.pop();
      continue;
    }
    const here = [...done, name];
    const stats = lstat(join(root, ...here));
    if (stats === undefined) return undefined;
    if (!stats.isSymbolicLink()) {
      done = here;
      continue;
    }
    hops += 1;
    if (hops > maxHops) return undefined;
    const link = { link: here.join('/'), to: readlinkSync(join(root, ...here)) };
    const target = link.to.startsWith('/') ? targetIn(root, kind, link.to) : link.to;
    if (target === undefined) return link;
    if (link.to.startsWith('/')) done = [];
    following = { ...link, remaining: rest.length };
    rest = [...parts(target), ...rest];
  }
  const at = join(root, ...done);
  const stats = lstat(at);
  return stats === undefined ? undefined : { path: `/${done.join('/')}`, at, stats };
}

/** There or not: whoever takes that for absent writes over it, or misses what counts. */
const notToldApart: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EIO', 'ESTALE']);

function lstat(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (isNativeError(error) && 'code' in error && notToldApart.has(String(error.code))) throw error;
    return undefined; // absent, below something that is no folder, or no possible name
  }
}

function parts(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}
