import { error, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { linkStart, resolvePath } from '../resolve-path.ts';
import type { Entries, Entry } from './entries.ts';

/** Relative links must lead to something in the tree. Absolute ones may mean something only the host has. */
export function checkLinks(entries: Entries): Diagnostic[] {
  return entries.all.flatMap((entry) => checkLink(entries, entry));
}

function checkLink({ lookup }: Entries, { path, to }: Entry): Diagnostic[] {
  if (to === undefined || to.startsWith('/')) return [];
  const end = resolvePath(linkStart(path, to), lookup);
  if (end.kind === 'found') return [];
  if (end.kind === 'outside')
    return [error('tree.link-outside', path, `points out of the image: "${to}" is ${end.path}`)];
  // A link to an absolute link may end on the host, too.
  return [error('tree.link', path, `points to nothing in the tree: "${to}" is ${end.path}`)];
}
