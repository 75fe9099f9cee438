const maxHops = 40; // links followed before Linux says ELOOP

/** What a tree holds at a path: the target of a symlink, `true` for a folder or file, `undefined` for nothing. */
export type Lookup = (path: string) => string | true | undefined;

export type Resolved =
  | { readonly kind: 'found' | 'missing'; readonly path: string }
  /** It leaves /usr and /opt, the only folders an image has. */
  | { readonly kind: 'outside'; readonly path: string };

/** Follows `path` through the tree's own symlinks, as a host with the image merged would. */
export function resolvePath(path: string, lookup: Lookup): Resolved {
  let rest = parts(path);
  let done: string[] = [];
  let hops = 0;
  while (rest.length > 0) {
    const [name, ...others] = rest;
    rest = others;
    if (name === '..') {
      done.pop();
      continue;
    }
    if (name === undefined || name === '.') continue;
    done = [...done, name];
    const here = `/${done.join('/')}`;
    if (!isInImage(here)) return { kind: 'outside', path: `/${plain([...done, ...rest]).join('/')}` };
    const there = lookup(here);
    if (there === undefined) return unresolved([...done, ...rest]);
    if (there === true) continue;
    hops += 1;
    if (hops > maxHops) return { kind: 'missing', path: here };
    if (there.startsWith('/')) done = [];
    else done.pop();
    rest = [...parts(there), ...rest];
  }
  const end = `/${done.join('/')}`;
  return { kind: isInImage(end) ? 'found' : 'outside', path: end };
}

/** Where `to`, the target of a link at `path`, starts from: an absolute path that may hold "..". */
export function linkStart(path: string, to: string): string {
  return to.startsWith('/') ? to : `${path.slice(0, path.lastIndexOf('/'))}/${to}`;
}

export function isInImage(path: string): boolean {
  return /^\/(usr|opt)(\/|$)/.test(path);
}

function unresolved(names: readonly string[]): Resolved {
  const path = `/${plain(names).join('/')}`;
  return { kind: isInImage(path) ? 'missing' : 'outside', path };
}

function plain(names: readonly string[]): string[] {
  const kept: string[] = [];
  for (const name of names) {
    if (name === '..') kept.pop();
    else if (name !== '.') kept.push(name);
  }
  return kept;
}

function parts(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}
