import * as fs from 'node:fs';
import { posix } from 'node:path';
import { join } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { cannotWrite } from '../lifetime/file-errors.ts';
import { errorCode } from '../lifetime/file-errors.ts';

export interface Written {
  readonly kind: 'file' | 'folder' | 'symlink';
  /** Who wrote it, for people. */
  readonly by: string;
  /** Permission bits; `undefined` for a folder nobody asked for by itself, and for links. */
  readonly mode: number | undefined;
  /** Target of a symlink. */
  readonly to?: string;
}

/**
 * The image while it is put together, with a record of who wrote each path. Paths are as in the image:
 * absolute, without `.` or `..`. Writing a path twice, or below anything but a folder, is a UserError that
 * names both writers. Nothing is ever written through a symlink.
 */
export interface Tree {
  readonly root: string;
  readonly written: ReadonlyMap<string, Written>;
  /** Makes a folder and those above it; may be repeated, with equal modes. */
  folder(path: string, by: string, mode?: number): void;
  /** A new file, open for writing; the caller closes it. */
  create(path: string, mode: number, by: string): number;
  file(path: string, content: string | Uint8Array, mode: number, by: string): void;
  /** Copies a file of this machine, sharing its blocks where the file system can. */
  copy(path: string, from: string, mode: number, by: string): void;
  symlink(path: string, to: string, by: string): void;
  /** A second name for a file of the tree. */
  hardlink(path: string, existing: string, by: string): void;
  /** New content for a file of the tree; its mode stays. */
  replace(path: string, content: Uint8Array): void;
  /** Where a path of the image is on this machine. */
  at(path: string): string;
}

/** Starts a tree in an existing folder. */
export function createTree(root: string): Tree {
  const written = new Map<string, Written>();
  const at = (path: string) => join(root, path);

  function folder(path: string, by: string, mode?: number): void {
    const known = written.get(path);
    if (known === undefined) {
      checkPath(path, by);
      const above = posix.dirname(path);
      if (above !== '/') folder(above, by);
      makeFolder(at(path), path, by);
    } else if (known.kind !== 'folder') {
      throw new UserError(
        'tree.conflict',
        `${path}: expected a folder for ${by}, got a ${known.kind} of ${known.by}`,
      );
    } else if (mode === undefined || mode === known.mode) {
      return;
    } else if (known.mode !== undefined) {
      throw new UserError(
        'tree.conflict',
        `${path}: expected one mode, got ${octal(known.mode)} from ${known.by} and ${octal(mode)} from ${by}`,
      );
    }
    written.set(path, { kind: 'folder', by, mode });
  }

  function claim(path: string, by: string, entry: Omit<Written, 'by'>): void {
    const known = written.get(path);
    if (known !== undefined) {
      throw new UserError('tree.conflict', `${path}: expected one writer, got ${known.by} and ${by}`);
    }
    checkPath(path, by);
    folder(posix.dirname(path), by);
    written.set(path, { ...entry, by });
  }

  function create(path: string, mode: number, by: string): number {
    claim(path, by, { kind: 'file', mode });
    // "x" refuses anything that is there, links included.
    const fd = saying(path, by, () => fs.openSync(at(path), 'wx', 0o600));
    fs.fchmodSync(fd, mode); // what open(2) is told passes the umask
    return fd;
  }

  function file(path: string, content: string | Uint8Array, mode: number, by: string): void {
    const fd = create(path, mode, by);
    try {
      saying(path, by, () => fs.writeFileSync(fd, content));
    } finally {
      fs.closeSync(fd);
    }
  }

  return {
    root,
    written,
    at,
    folder,
    create,
    file,
    copy(path, from, mode, by) {
      claim(path, by, { kind: 'file', mode });
      const flags = fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE;
      saying(path, by, () => fs.copyFileSync(from, at(path), flags));
      fs.chmodSync(at(path), mode);
    },
    symlink(path, to, by) {
      claim(path, by, { kind: 'symlink', mode: undefined, to });
      saying(path, by, () => fs.symlinkSync(to, at(path)));
    },
    hardlink(path, existing, by) {
      claim(path, by, { kind: 'file', mode: written.get(existing)?.mode });
      saying(path, by, () => fs.linkSync(at(existing), at(path)));
    },
    replace(path, content) {
      const mode = written.get(path)?.mode ?? 0o644;
      // A new file: the old one may have a second name that must keep its content.
      fs.unlinkSync(at(path));
      saying(path, 'an edit', () => fs.writeFileSync(at(path), content, { flag: 'wx', mode: 0o600 }));
      fs.chmodSync(at(path), mode);
    },
  };
}

function checkPath(path: string, by: string): void {
  const names = path.split('/').slice(1);
  if (path.startsWith('/') && !names.some((name) => name === '' || name === '.' || name === '..')) return;
  throw new UserError(
    'tree.conflict',
    `${by}: expected an absolute path without "." or ".." parts, got "${path}"`,
  );
}

function makeFolder(place: string, path: string, by: string): void {
  try {
    fs.mkdirSync(place, 0o755);
  } catch (cause) {
    if (errorCode(cause) !== 'EEXIST') throw cannotWrite(path, cause);
    if (fs.lstatSync(place).isDirectory()) return;
    throw new UserError('tree.conflict', `${path}: expected a folder for ${by}, got something else`, {
      cause,
    });
  }
  fs.chmodSync(place, 0o755);
}

/** Runs a write, and says in words what a disk has against it. */
function saying<T>(path: string, by: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    if (errorCode(cause) !== 'EEXIST') throw cannotWrite(path, cause);
    throw new UserError('tree.conflict', `${path}: expected nothing there before ${by} writes it`, { cause });
  }
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}
