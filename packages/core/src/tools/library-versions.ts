import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Exec } from '../ports/exec.ts';
import { findProgram } from './search-path.ts';

/**
 * Versions of the libraries that a program is linked with, as the names of their files tell (`libzstd.so.1.5.4`), by
 * name. Those that tell none, such as the C library, are left out; so is everything where there is no ldd.
 */
export async function libraryVersions(
  program: string,
  { exec, path }: { readonly exec: Exec; readonly path: string },
): Promise<Readonly<Record<string, string>>> {
  const [found, ldd] = await Promise.all([findProgram(program, path), findProgram('ldd', path)]);
  if (found === undefined || ldd === undefined) return {};
  const { stdout } = await exec.run(ldd, [found]);
  const files = Array.from(stdout.matchAll(/=> (\/\S+)/g), ([, file]) => file ?? '');
  const names = await Promise.all(
    files.map(async (file) => basename(await realpath(file).catch(() => file))),
  );
  const versions = names.flatMap((name): [string, string][] => {
    const [, library, version] = /^(.+?)\.so\.(\d+(?:\.\d+)+)$/.exec(name) ?? [];
    return library === undefined || version === undefined ? [] : [[library, version]];
  });
  return Object.fromEntries(versions.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
