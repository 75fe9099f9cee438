import { error, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Entries } from './entries.ts';

/** What every image has, and what nobody installs an extension for. */
const accompanying = /^\/usr\/(lib\/extension-release\.d|share\/licenses)\//;

/** An image in which nothing is would be published as the newest version, and hosts would update to it. */
export function checkContent({ all }: Entries): Diagnostic[] {
  const isFull = all.some(({ path, kind }) => kind !== 'folder' && !accompanying.test(path));
  if (isFull) return [];
  return [
    error(
      'tree.empty',
      '/usr',
      'expected something beside extension-release and licences, got an empty image',
    ),
  ];
}
