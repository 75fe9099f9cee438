import { chmodSync, copyFileSync, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join, posix } from 'node:path';
import { UserError } from '../diagnostics/user-error.ts';
import { findInRoot, type Inside } from '../lifetime/find-inside.ts';
import type { Exec } from '../ports/exec.ts';
import { runChecked } from '../ports/run-checked.ts';
import type { Tree } from '../stage/tree.ts';
import { type Dynamic, elfKind, readDynamic, relocateArgs } from './dynamic.ts';
import { parseEntryPath } from './entry-path.ts';
import { findLibrary, libraryFolders, ownFolders } from './library-search.ts';
import { takenMode } from './take-folder.ts';

export interface FlixRequest {
  /** Folder on this machine with the system to take from. */
  readonly root: string;
  /** Of the extension. */
  readonly name: string;
  /** Programs and folders, as parseEntryPath reads them. */
  readonly entries: readonly string[];
  /** Names or paths of libraries that are loaded by name at run time. */
  readonly extraLibs: readonly string[];
}

interface FlixContext {
  readonly exec: Exec;
  /** Existing folder for files while they are changed. */
  readonly scratch: string;
  warn(line: string): void;
}

/**
 * Puts programs into the image together with the dynamic linker and all libraries they need, changed so that
 * they use those and none of the host. Libraries lie flat in `/usr/lib/flix/NAME`.
 */
export async function flix(request: FlixRequest, tree: Tree, context: FlixContext): Promise<void> {
  const { root, name } = request;
  const by = `flix of ${name}`;
  const home = `/usr/lib/flix/${name}`;
  const common = libraryFolders(root);
  /** Base names of the libraries that are in the image. */
  const shipped = new Set<string>();
  /** Folders that files look into by themselves, as they are in the root and in the image. */
  const privateFolders = new Map<string, string>();
  const entries = request.entries.map(parseEntryPath);
  let counter = 0;

  for (const { from, to } of entries) {
    const found = findInRoot(root, from);
    if (found === undefined)
      throw new UserError('build.root', `${by}: expected ${from} in the root, got nothing`);
    if (found.stats.isDirectory()) await addFolder(found, to, found.path);
    else await addFile(found, to);
  }
  for (const library of request.extraLibs) await addExtra(library);

  async function addFolder(folder: Inside, to: string, top: string): Promise<void> {
    tree.folder(to, by);
    privateFolders.set(folder.path, to);
    for (const child of readdirSync(folder.at).toSorted()) {
      const target = `${to}/${child}`;
      const place = join(folder.at, child);
      const found = findInRoot(root, posix.join(folder.path, child));
      if (found === undefined) context.warn(`${folder.path}/${child} is a link to nothing, left out`);
      else if (staysBelow(place, found, top)) tree.symlink(target, readlinkSync(place), by);
      else if (found.stats.isDirectory()) await addFolder(found, target, top);
      else await addFile(found, target);
    }
  }

  async function addFile(found: Inside, to: string): Promise<void> {
    if (!found.stats.isFile())
      throw new UserError('build.root', `${by}: ${found.path}: expected a file or folder`);
    const kind = await elfKind(found.at);
    const dynamic = kind === undefined ? undefined : await readDynamic(found.at, context.exec);
    if (kind === undefined || dynamic === undefined || isSelfContained(dynamic)) {
      // Scripts, data, static programs, and the dynamic linker, which a change would break.
      tree.copy(to, found.at, takenMode(found.stats.mode), by);
      return;
    }
    const own = ownFolders(found.path, dynamic.runPath);
    for (const library of dynamic.needed) await addLibrary(library, kind, [...own, ...common], found.path);
    const runPath = [home, ...(await addPrivate(own))];
    const interpreter =
      dynamic.interpreter === undefined ? undefined : await addInterpreter(dynamic.interpreter);
    counter += 1;
    const copy = join(context.scratch, `elf-${counter}`);
    copyFileSync(found.at, copy);
    chmodSync(copy, 0o700);
    await runChecked(context.exec, 'patchelf', relocateArgs({ interpreter, runPath }, copy));
    tree.copy(to, copy, takenMode(found.stats.mode), by);
  }

  async function addLibrary(
    library: string,
    kind: string,
    folders: readonly string[],
    neededBy: string,
  ): Promise<void> {
    const base = posix.basename(library);
    if (shipped.has(base)) return;
    const found = await findLibrary(root, library, kind, folders);
    if (found === undefined) {
      throw new UserError(
        'build.root',
        `${by}: ${neededBy} needs ${library}: expected it in ${folders.join(', ')}`,
        {
          hint: 'the package that has it is missing in the root',
        },
      );
    }
    shipped.add(base); // before its own libraries: some need each other
    await addFile(found, `${home}/${base}`);
  }

  async function addInterpreter(path: string): Promise<string> {
    const base = posix.basename(path);
    const found = findInRoot(root, path);
    if (found?.stats.isFile() !== true) {
      throw new UserError('build.root', `${by}: expected the dynamic linker ${path} in the root`);
    }
    if (!shipped.has(base)) {
      shipped.add(base);
      tree.copy(`${home}/${base}`, found.at, 0o755, by);
    }
    return `${home}/${base}`;
  }

  /** Libraries of such a folder may be loaded by name at run time, so all of them come along. */
  async function addPrivate(folders: readonly string[]): Promise<string[]> {
    const targets: string[] = [];
    for (const folder of folders) {
      const found = findInRoot(root, folder);
      if (found === undefined || !found.stats.isDirectory() || common.includes(found.path)) continue;
      const known = privateFolders.get(found.path) ?? entryTarget(found.path);
      const target = known ?? `${home}/own${found.path}`;
      if (known === undefined) {
        privateFolders.set(found.path, target);
        await addLibrariesOf(found, target);
      }
      targets.push(target);
    }
    return targets;
  }

  async function addLibrariesOf(folder: Inside, target: string): Promise<void> {
    tree.folder(target, by);
    for (const child of readdirSync(folder.at).toSorted()) {
      const found = findInRoot(root, posix.join(folder.path, child));
      if (found?.stats.isFile() === true && (await elfKind(found.at)) !== undefined) {
        await addFile(found, `${target}/${child}`);
      }
    }
  }

  /** Where a folder inside an entry goes. */
  function entryTarget(path: string): string | undefined {
    const entry = entries.find(({ from }) => path === from || path.startsWith(`${from}/`));
    return entry === undefined ? undefined : entry.to + path.slice(entry.from.length);
  }

  async function addExtra(library: string): Promise<void> {
    const [first] = entries;
    const found = first === undefined ? undefined : findInRoot(root, first.from);
    const kinds = new Set<string>();
    for (const { from } of entries) {
      const entry = findInRoot(root, from);
      const kind = entry?.stats.isFile() === true ? await elfKind(entry.at) : undefined;
      if (kind !== undefined) kinds.add(kind);
    }
    const [kind] = kinds;
    if (found === undefined || kind === undefined) {
      throw new UserError('build.root', `${by}: expected a program among the entries that loads ${library}`);
    }
    await addLibrary(library, kind, common, 'extra-libs');
  }
}

function staysBelow(place: string, found: Inside, top: string): boolean {
  return (
    lstatSync(place).isSymbolicLink() &&
    found.path.startsWith(`${top}/`) &&
    !readlinkSync(place).startsWith('/')
  );
}

function isSelfContained({ needed, interpreter }: Dynamic): boolean {
  return needed.length === 0 && interpreter === undefined;
}
