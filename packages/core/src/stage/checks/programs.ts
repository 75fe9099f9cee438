import { join } from 'node:path';
import { error, type Diagnostic, warning } from '../../diagnostics/diagnostic.ts';
import { allArches, type Arch, archNames } from '../../names/arch.ts';
import { resolvePath } from '../resolve-path.ts';
import { elfInterpreter } from './elf-interpreter.ts';
import type { Entries } from './entries.ts';
import { entryPoints } from './entry-points.ts';
import { hostPrograms } from './host-programs.ts';
import { programKind } from './program-kind.ts';

/** Programs on the PATH that no kernel or host can start. */
export function checkPrograms(entries: Entries, { arch }: { readonly arch: Arch }): Diagnostic[] {
  return entryPoints(entries).flatMap(({ path, file, mode }) => {
    const kind = programKind(join(entries.root, file));
    if (kind.is === 'script') return checkShebang(entries, path, kind.interpreter);
    if (kind.is === 'elf') return checkLoader(entries, path, elfInterpreter(join(entries.root, file)), arch);
    if (kind.is === 'packed') {
      return [
        error('tree.packed-program', path, `expected a program, got ${kind.what}: unpack takes it out`),
      ];
    }
    if ((mode & 0o111) === 0) return [];
    return [
      error('tree.no-executable', path, `expected an ELF file or a script with "#!", got ${kind.what}`),
    ];
  });
}

function checkLoader(entries: Entries, path: string, loader: string | undefined, arch: Arch): Diagnostic[] {
  // One for another architecture is told as such.
  if (loader === undefined || allArches.some((one) => archNames(one).loader === loader)) return [];
  if (isInTree(entries, loader)) return [];
  return [
    error(
      'tree.foreign-loader',
      path,
      `expected the loader of glibc hosts, ${archNames(arch).loader}, or one in the image, got ${loader}`,
    ),
  ];
}

function checkShebang(entries: Entries, path: string, words: readonly string[]): Diagnostic[] {
  const [interpreter = '', first = ''] = words;
  const isEnv = /^\/(usr\/)?bin\/env$/.test(interpreter);
  const program = isEnv ? `/usr/bin/${first === '-S' ? (words[2] ?? '') : first}` : interpreter;
  if (isInTree(entries, program)) return [];
  const [, name] = /^\/(?:usr\/)?bin\/([^/]+)$/.exec(program) ?? [];
  if (name === undefined) {
    return [
      error(
        'tree.interpreter',
        path,
        `expected an interpreter of hosts or in the image, got "#!${words.join(' ')}"`,
      ),
    ];
  }
  if (hostPrograms.has(name)) return [];
  return [
    warning(
      'tree.interpreter',
      path,
      `needs the interpreter ${name}, which is not in the image; not every host has it`,
    ),
  ];
}

function isInTree({ lookup }: Entries, path: string): boolean {
  const merged = path.replace(/^\/(bin|sbin|lib|lib64)\//, '/usr/$1/');
  return resolvePath(merged, lookup).kind === 'found';
}
