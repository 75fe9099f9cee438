import { error, type Diagnostic, warning } from '../../diagnostics/diagnostic.ts';
import { linkStart, resolvePath } from '../resolve-path.ts';
import type { Entries, Entry } from './entries.ts';
import { hostPrograms } from './host-programs.ts';

/** Relative links must lead to something in the tree. Absolute ones may mean something only the host has. */
export function checkLinks(entries: Entries): Diagnostic[] {
  return entries.all.flatMap((entry) => checkLink(entries, entry));
}

function checkLink({ lookup }: Entries, { path, to }: Entry): Diagnostic[] {
  if (to === undefined) return [];
  const end = resolvePath(linkStart(path, to), lookup);
  if (end.kind === 'found') return [];
  if (to.startsWith('/')) return end.kind === 'missing' ? checkHostTarget(path, to, end.path) : [];
  if (end.kind === 'outside')
    return [error('tree.link-outside', path, `points out of the image: "${to}" is ${end.path}`)];
  // A link to an absolute link may end on the host, too.
  return [error('tree.link', path, `points to nothing in the tree: "${to}" is ${end.path}`)];
}

/** Below /usr and /opt a host has what every host has, and nothing of this product. */
function checkHostTarget(path: string, to: string, end: string): Diagnostic[] {
  if (end.startsWith('/usr/bin/') && hostPrograms.has(end.slice('/usr/bin/'.length))) return [];
  if (end.startsWith('/usr/lib/systemd/') || end === '/usr' || end === '/opt') return [];
  const message = `points to nothing in the tree: "${to}"`;
  return /^\/(usr\/bin|opt)\//.test(end)
    ? [error('tree.link', path, message)]
    : [warning('tree.host-link', path, `${message}; not every host has it`)];
}
