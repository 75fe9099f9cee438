import { error, warning, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Entry } from './entry.ts';

const setuid = 0o4000;
const setgid = 0o2000;

/** What only the image itself tells: whose everything is, and the mode of its root. */
export function checkOwners(entries: readonly Entry[]): Diagnostic[] {
  return entries.flatMap((entry) => [...checkOwner(entry), ...checkRoot(entry), ...checkKind(entry)]);
}

/** Holds the places and special bits of everything in an image against what systemd-sysext merges well. */
export function checkPlaces(entries: readonly Entry[]): Diagnostic[] {
  return entries.flatMap((entry) => [...checkPlace(entry), ...checkBits(entry)]);
}

function checkOwner({ path, uid, gid }: Entry): Diagnostic[] {
  if (uid === 0 && gid === 0) return [];
  return [error('image.owner', path, `expected owner 0:0, got ${uid}:${gid}`)];
}

function checkRoot({ path, kind, mode }: Entry): Diagnostic[] {
  if (path !== '/' || (kind === 'directory' && mode === 0o755)) return [];
  const got = kind === 'directory' ? mode.toString(8).padStart(4, '0') : kind;
  return [error('image.root-mode', '/', `expected a folder of mode 0755, got ${got}`)];
}

function checkKind({ path, kind }: Entry): Diagnostic[] {
  if (kind !== 'special') return [];
  return [
    error('tree.special-file', path, 'expected a file, folder or symlink, got a device, socket or pipe'),
  ];
}

function checkPlace({ path, kind }: Entry): Diagnostic[] {
  // Every ext file system has this folder, and only /usr and /opt are merged.
  if (path === '/' || (path === '/lost+found' && kind === 'directory')) return [];
  const [, top = ''] = path.split('/');
  const isTop = path === `/${top}`;
  if (isTop && top !== 'usr' && top !== 'opt') {
    return [
      error(
        'tree.top-level',
        path,
        'expected only usr/ and opt/ at the top: systemd-sysext merges nothing else',
      ),
    ];
  }
  if (isTop && kind !== 'directory')
    return [error('tree.top-level', path, `expected a folder, got a ${kind}`)];
  if (path === '/usr/lib/os-release') {
    return [
      error('tree.os-release', path, 'expected no os-release: it would say the host is another system'),
    ];
  }
  return [];
}

function checkBits({ path, kind, mode }: Entry): Diagnostic[] {
  if (kind !== 'file' || (mode & (setuid | setgid)) === 0) return [];
  const bit = (mode & setuid) === 0 ? 'setgid' : 'setuid';
  return [warning('tree.special-bits', path, `runs with other rights than its caller's (${bit})`)];
}
