import { error, type Diagnostic, warning } from '../../diagnostics/diagnostic.ts';
import type { Entries, Entry } from './entries.ts';

/** Everything is owned by root in the image, so these bits would hand out root’s rights or files. */
export function checkModes({ all }: Entries): Diagnostic[] {
  return all.flatMap(checkMode);
}

function checkMode({ path, kind, mode }: Entry): Diagnostic[] {
  if (kind === 'other')
    return [
      error('tree.special-file', path, 'expected a file, folder or link, got a device, pipe or socket'),
    ];
  if (kind === 'symlink') return [];
  const octal = `0${mode.toString(8)}`;
  if ((mode & 0o7000) !== 0)
    return [error('tree.special-bits', path, `expected no setuid, setgid or sticky bit, got mode ${octal}`)];
  if ((mode & 0o002) !== 0)
    return [error('tree.world-writable', path, `expected it writable by root only, got mode ${octal}`)];
  if (kind === 'folder' && (mode & 0o005) !== 0o005) {
    return [warning('tree.closed-folder', path, `other users cannot enter it: mode ${octal}`)];
  }
  return [];
}
