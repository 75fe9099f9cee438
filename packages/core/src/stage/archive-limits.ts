import { UserError } from '../diagnostics/user-error.ts';
import type { Member } from './member.ts';

// The largest archive of the field (a toolchain with its sources) has 60,000 members, four folders deep.
const maxEntries = 250_000; // members, and folders that only their paths name
const maxDepth = 64; // folders above a member
const maxPathBytes = 64 * 1024 * 1024; // of all paths together, as whoever keeps them as text does
const longestPath = 4095; // bytes, PATH_MAX of Linux without its NUL
const longestName = 255; // bytes, NAME_MAX

/** Folders that members are in, by their names: what it costs grows with the paths that are read. */
interface Folder {
  readonly inside: Map<string, Folder>;
}

/**
 * Bounds what an archive makes its readers store, whoever reads it: entries with implied folders, the text of
 * paths, depth, and `bytes` of all files together. What it returns is to be asked for each member in their order.
 */
export function archiveLimits(label: string, bytes: number): (member: Member) => void {
  const top: Folder = { inside: new Map() };
  let entries = 0;
  let pathBytes = 0;
  let left = bytes;

  return ({ path, linkname, size }) => {
    const refuse = (reason: string): never => {
      throw new UserError('archive.refused', `${label}: member ${shown(path)}: ${reason}`);
    };
    for (const text of [path, linkname]) {
      if (Buffer.byteLength(text) > longestPath) refuse(`expected a path of at most ${longestPath} bytes`);
    }
    left -= size ?? 0;
    if (left < 0) refuse(`expected an archive of at most ${bytes} bytes when unpacked, got more`);
    const names = path.split('/').filter((name) => name !== '' && name !== '.');
    if (names.length > maxDepth) refuse(`expected at most ${maxDepth} folders in each other, got more`);
    let folder = top;
    let length = 0;
    for (const name of names) {
      length += Buffer.byteLength(name) + 1;
      let next = folder.inside.get(name);
      if (next === undefined) {
        if (Buffer.byteLength(name) > longestName) refuse(`expected names of at most ${longestName} bytes`);
        next = { inside: new Map() };
        folder.inside.set(name, next);
        entries += 1;
        pathBytes += length;
      }
      folder = next;
    }
    if (entries > maxEntries) refuse(`expected at most ${maxEntries} files, folders and links, got more`);
    if (pathBytes > maxPathBytes) refuse(`expected at most ${maxPathBytes} bytes of paths, got more`);
  };
}

function shown(path: string): string {
  return JSON.stringify(path.length > 100 ? `${path.slice(0, 100)}…` : path);
}
