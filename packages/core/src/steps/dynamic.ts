import { open } from 'node:fs/promises';
import { UserError } from '../diagnostics/user-error.ts';
import type { Exec } from '../ports/exec.ts';
import { runChecked } from '../ports/run-checked.ts';
import { elfHeaderSize, parseElfHeader } from '../stage/checks/elf-header.ts';

/** What a dynamically linked file says of itself. */
export interface Dynamic {
  /** Of a program; absent for a library. */
  readonly interpreter?: string;
  /** Names of libraries it must have. */
  readonly needed: readonly string[];
  /** Where it wants them looked for, `$ORIGIN` as it stands. */
  readonly runPath: readonly string[];
}

/** `machine` and width of an ELF file as one text; `undefined` for anything else. */
export async function elfKind(path: string): Promise<string | undefined> {
  await using file = await open(path);
  const start = Buffer.alloc(elfHeaderSize);
  const { bytesRead } = await file.read(start, 0, elfHeaderSize, 0);
  const header = parseElfHeader(start.subarray(0, bytesRead));
  return header === undefined ? undefined : `${header.machine}/${header.bits}/${header.order}`;
}

/** `undefined` for what is not dynamically linked: static programs, object files. */
export async function readDynamic(path: string, exec: Exec): Promise<Dynamic | undefined> {
  const needed = await exec.run('patchelf', ['--print-needed', path]);
  if (needed.code !== 0) return undefined; // it has no .dynamic section
  const [interpreter, runPath] = await Promise.all([
    exec.run('patchelf', ['--print-interpreter', path]), // fails for libraries
    runChecked(exec, 'patchelf', ['--print-rpath', path]),
  ]);
  return {
    ...(interpreter.code === 0 ? { interpreter: interpreter.stdout.trim() } : {}),
    needed: lines(needed.stdout),
    runPath: runPath
      .trim()
      .split(':')
      .filter((folder) => folder !== ''),
  };
}

export interface Relocation {
  readonly interpreter?: string | undefined;
  readonly runPath: readonly string[];
}

/** Arguments of patchelf that let a file find its libraries in `runPath` and nowhere else. */
export function relocateArgs({ interpreter, runPath }: Relocation, path: string): string[] {
  // The dynamic linker splits at colons and replaces words behind a dollar.
  const odd = runPath.find((folder) => !/^\/[^:$\p{Cc}]*$/u.test(folder));
  if (odd !== undefined) {
    throw new UserError(
      'build.root',
      `${JSON.stringify(odd)}: expected a folder of libraries without ":", "$" and control characters`,
    );
  }
  return [
    ...(interpreter === undefined ? [] : ['--set-interpreter', interpreter]),
    '--no-default-lib',
    '--set-rpath',
    runPath.join(':'),
    path,
  ];
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
