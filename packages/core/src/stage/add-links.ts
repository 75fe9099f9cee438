import { nearNames } from '../diagnostics/near-names.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { linkStart, type Lookup, type Resolved, resolvePath } from './resolve-path.ts';
import type { Link } from './staging.ts';
import type { Tree } from './tree.ts';

/**
 * Adds a recipe's links. A relative target must exist in the tree, links of the same list included; an optional
 * link without its target is left out. An absolute target may be something only the host has.
 */
export function addLinks(tree: Tree, links: readonly Link[]): void {
  const added = links.filter((link) => {
    if (link.optional && targetOf(tree, link).kind !== 'found') return false;
    tree.symlink(link.path, link.to, 'links');
    return true;
  });
  for (const link of added) {
    const target = targetOf(tree, link);
    if (target.kind === 'found') continue;
    const reason = target.kind === 'outside' ? 'is not in /usr or /opt' : 'is not in the tree';
    throw new UserError(
      'tree.link',
      `link ${link.path}: expected a target in the tree, got "${link.to}": ${target.path} ${reason}`,
      {
        hint: 'write an absolute target for something only the host has, or mark the link optional',
      },
    );
  }
}

/** Each path must exist; a link must lead to something, unless it is absolute. */
export function checkRequired(tree: Tree, paths: readonly string[]): void {
  for (const path of paths) {
    const plain = path.replace(/\/$/, '');
    if (tree.written.has(plain) || resolvePath(plain, lookupIn(tree)).kind === 'found') continue;
    const near = nearNames(plain, [...tree.written.keys()]);
    throw new UserError('tree.missing', `require ${path}: expected it in the tree, got nothing`, {
      hint: `near it: ${near.join(', ') || 'nothing, the tree is empty'}`,
    });
  }
}

function targetOf(tree: Tree, { path, to }: Link): Resolved {
  if (to.startsWith('/')) return { kind: 'found', path: to };
  return resolvePath(linkStart(path, to), lookupIn(tree));
}

function lookupIn(tree: Tree): Lookup {
  return (path) => {
    const found = tree.written.get(path);
    if (found === undefined) return undefined;
    return found.to ?? true;
  };
}
