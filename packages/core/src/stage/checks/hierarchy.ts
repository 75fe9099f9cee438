import { error, type Diagnostic, warning } from '../../diagnostics/diagnostic.ts';
import { isInImage } from '../resolve-path.ts';
import type { Entries } from './entries.ts';

const releases = '/usr/lib/extension-release.d';

/** What of the host an extension must not cover, and where it must not write. */
export function checkHierarchy({ all, find }: Entries, { name }: { readonly name: string }): Diagnostic[] {
  return [
    ...all
      .filter(({ path }) => path.lastIndexOf('/') === 0 && !isInImage(path))
      .map(({ path }) =>
        error('tree.top-level', path, 'expected only /usr and /opt: nothing else is merged into a host'),
      ),
    ...['/usr', '/opt']
      .filter((path) => find(path) !== undefined && find(path)?.kind !== 'folder')
      .map((path) => error('tree.top-level', path, 'expected a folder')),
    // On hosts where it is a link to bin, a folder of that name hides every program behind the link.
    ...(find('/usr/sbin')
      ? [error('tree.sbin', '/usr/sbin', 'expected programs in /usr/bin: it covers the host’s link')]
      : []),
    ...['/usr/lib64', '/usr/lib32', '/usr/libx32']
      .filter((path) => find(path) !== undefined)
      .map((path) =>
        warning('tree.hidden-link', path, 'is a link on some hosts, which it would cover: use /usr/lib'),
      ),
    ...['/usr/lib/os-release', '/usr/lib/initrd-release']
      .filter((path) => find(path) !== undefined)
      .map((path) =>
        error(
          'tree.os-release',
          path,
          'tells which system a host is: systemd refuses an extension that has it',
        ),
      ),
    ...all
      .filter(
        ({ path }) => path.startsWith(`${releases}/`) && path !== `${releases}/extension-release.${name}`,
      )
      .map(({ path }) =>
        error('tree.extension-release', path, `expected only extension-release.${name} in its folder`),
      ),
  ];
}
