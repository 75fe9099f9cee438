import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';

const maxHops = 40; // links followed before Linux says ELOOP

/** What is at a path of a foreign root, all links followed as if that root were `/`. */
export interface InRoot {
  /** Absolute, as seen inside; never through a link. */
  readonly path: string;
  /** On this machine. */
  readonly at: string;
  readonly stats: Stats;
}

/** Finds `path` inside the folder `root` without ever leaving it; `undefined` when nothing is there. */
export function findInRoot(root: string, path: string): InRoot | undefined {
  let rest = parts(path);
  let done: string[] = [];
  let hops = 0;
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    if (name === '.') continue;
    if (name === '..') {
      done.pop();
      continue;
    }
    const stats = lstat(join(root, ...done, name));
    if (stats === undefined) return undefined;
    if (!stats.isSymbolicLink()) {
      done.push(name);
      continue;
    }
    hops += 1;
    if (hops > maxHops) return undefined;
    const to = readlinkSync(join(root, ...done, name));
    if (to.startsWith('/')) done = [];
    rest = [...parts(to), ...rest];
  }
  const at = join(root, ...done);
  const stats = lstat(at);
  return stats === undefined ? undefined : { path: `/${done.join('/')}`, at, stats };
}

function lstat(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined; // absent, or below something that is no folder
  }
}

function parts(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}
