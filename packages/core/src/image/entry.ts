/** One name in a tree or in an image. Paths start with "/"; the root itself is "/". */
export interface Entry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'special';
  /** Permission bits with setuid, setgid and sticky, 0…0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes; of a symlink the length of its target. */
  readonly size: number;
}

/** What the type bits of a Unix `st_mode` stand for. */
export function kindOf(mode: number): Entry['kind'] {
  const kinds: Readonly<Record<number, Entry['kind']>> = { 0o4: 'directory', 0o10: 'file', 0o12: 'symlink' };
  return kinds[mode >> 12] ?? 'special';
}
