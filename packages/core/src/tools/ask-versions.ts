import type { Exec } from '../ports/exec.ts';
import { type Program, toolFor } from './known-tools.ts';
import { findProgram } from './search-path.ts';

export interface ToolVersion {
  readonly program: Program;
  /** Absolute; `undefined` when the program is not installed. */
  readonly path: string | undefined;
  /** Digits and dots as the program prints them; `undefined` when it does not say. */
  readonly version: string | undefined;
}

/** Where each program is and which version, in the order asked for. */
export function toolVersions(
  programs: readonly Program[],
  ctx: { readonly exec: Exec; readonly path: string },
): Promise<ToolVersion[]> {
  return Promise.all(
    programs.map(async (program) => {
      const path = await findProgram(program, ctx.path);
      return { program, path, version: path === undefined ? undefined : await toolVersion(program, ctx) };
    }),
  );
}

export async function toolVersion(
  program: Program,
  ctx: { readonly exec: Exec; readonly path: string },
): Promise<string | undefined> {
  const [asked, ...args] = toolFor(program).version ?? [program, '--version'];
  const path = await findProgram(asked, ctx.path);
  if (path === undefined) return undefined;
  // Some print it on stderr, some end with 1: only the text counts.
  const { stdout, stderr } = await ctx.exec.run(path, args);
  return /\d+\.\d+(\.\d+)*/.exec(stdout + stderr)?.[0];
}

/** Is `version` the same as or newer than `wanted`? Both are numbers joined by dots. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [have, want] = [version, wanted].map((text) => text.split('.').map(Number));
  for (let part = 0; part < Math.max(have?.length ?? 0, want?.length ?? 0); part++) {
    const difference = (have?.[part] ?? 0) - (want?.[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
