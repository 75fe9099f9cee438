import { join } from 'node:path';
import { elfInterpreter } from '../../stage/checks/elf-interpreter.ts';
import type { Entries } from '../../stage/checks/entries.ts';

/** A program that the kernel hands to a loader. */
export interface Dynamic {
  readonly path: string;
  readonly loader: string;
}

/** The ELF programs of a tree that load libraries of the host: those of a private root have their own. */
export function dynamicPrograms({ root, all, find }: Entries): Dynamic[] {
  return all.flatMap(({ path, kind, mode }) => {
    if (kind !== 'file' || (mode & 0o111) === 0 || /\.so(?:\.|$)/.test(path)) return [];
    const loader = elfInterpreter(join(root, path));
    if (loader === undefined) return [];
    const parts = path.split('/');
    const isPrivate = parts.some((_, depth) => {
      const folder = parts.slice(0, depth).join('/');
      // "/usr" itself is where the host has its own.
      return (
        depth > 2 && [`${folder}${loader}`, `${folder}/usr${loader}`].some((one) => find(one) !== undefined)
      );
    });
    return isPrivate ? [] : [{ path, loader }];
  });
}
