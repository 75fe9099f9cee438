import type { Member } from '../stage/member.ts';

/** What podman and Docker mark a root with that runs in a container. */
const marks = new Set(['.dockerenv', 'run/.containerenv']);
/** What they put where there is nothing, to mount something on it. */
const mountPoints = new Set(['dev/console', 'etc/hostname', 'etc/hosts', 'etc/resolv.conf']);

/**
 * Tells members of an exported container that came from the engine and not from its image. Docker covers the
 * mount points of an image too, so what an image has there comes out with podman only.
 */
export function isOfEngine({ path, kind, size, mode, linkname }: Member): boolean {
  const plain = path.replace(/^(\.?\/)+/, '');
  if (marks.has(plain)) return true;
  if (mountPoints.has(plain)) return kind === 'file' && size === 0 && (mode & 0o100) !== 0;
  return plain === 'etc/mtab' && kind === 'symlink' && linkname === '/proc/mounts';
}
