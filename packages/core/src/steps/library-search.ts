import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { matchesGlob } from 'node:path';
import { findInRoot, type Inside } from '../lifetime/find-inside.ts';
import { elfKind } from './dynamic.ts';

/** Where glibc and musl look when nothing else is said; triplets as Debian has them. */
const defaults = ['/lib', '/usr/lib', '/lib64', '/usr/lib64', '/usr/local/lib'];
const triplets = ['x86_64-linux-gnu', 'aarch64-linux-gnu'];

/** Folders of `root` that its dynamic linker searches for everybody. */
export function libraryFolders(root: string): readonly string[] {
  const multiarch = ['/lib', '/usr/lib'].flatMap((folder) => triplets.map((name) => `${folder}/${name}`));
  return [...new Set([...configured(root, '/etc/ld.so.conf', new Set()), ...multiarch, ...defaults])];
}

const maxConfiguration = 1024 * 1024; // bytes; a distribution has a dozen lines

/** Each file is read once, however they include each other. */
function configured(root: string, file: string, seen: Set<string>): string[] {
  const found = findInRoot(root, file);
  if (found === undefined || !found.stats.isFile() || found.stats.size > maxConfiguration) return [];
  if (seen.has(found.path)) return [];
  seen.add(found.path);
  const lines = readFileSync(found.at, 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim());
  return lines.flatMap((line) => {
    const [, pattern] = /^include\s+(\S+)$/.exec(line) ?? [];
    if (pattern === undefined) return line.startsWith('/') ? [line] : [];
    const absolute = posix.resolve(posix.dirname(file), pattern);
    return matching(root, absolute).flatMap((path) => configured(root, path, seen));
  });
}

/** Files for a pattern whose last part may hold wildcards. */
function matching(root: string, pattern: string): string[] {
  const folder = findInRoot(root, posix.dirname(pattern));
  if (folder === undefined || !folder.stats.isDirectory()) return [];
  const names = readdirSync(folder.at).toSorted();
  return names.map((name) => posix.join(folder.path, name)).filter((path) => matchesGlob(path, pattern));
}

/** Folders a file at `path` of the root asks for by itself. */
export function ownFolders(path: string, runPath: readonly string[]): string[] {
  const origin = posix.dirname(path);
  return runPath.map((folder) => posix.resolve('/', folder.replaceAll(/\$\{?ORIGIN\}?/g, origin)));
}

/** The first file called `name` in `folders` of the root that fits `kind` of ELF, as a dynamic linker chooses. */
export async function findLibrary(
  root: string,
  name: string,
  kind: string,
  folders: readonly string[],
): Promise<Inside | undefined> {
  const paths = name.includes('/') ? [name] : folders.map((folder) => posix.join(folder, name));
  for (const path of paths) {
    const found = findInRoot(root, path);
    if (found?.stats.isFile() === true && (await elfKind(found.at)) === kind) return found;
  }
  return undefined;
}
