import { UserError } from '../diagnostics/user-error.ts';
import { type Arch, archNames } from '../names/arch.ts';
import type { Exec } from '../ports/exec.ts';
import { findProgram } from '../tools/search-path.ts';

/** Programs that run containers, by preference: podman needs no daemon. */
export const engines = ['podman', 'docker'] as const;
export type Engine = (typeof engines)[number];

export interface EngineContext {
  readonly exec: Exec;
  /** As in PATH. */
  readonly path: string;
}

/** The container engine of this machine, or `undefined` when it has none. */
export async function findEngine({ path }: Pick<EngineContext, 'path'>): Promise<Engine | undefined> {
  for (const engine of engines) if ((await findProgram(engine, path)) !== undefined) return engine;
  return undefined;
}

/** The container engine of this machine, which must have one. */
export async function requireEngine(context: Pick<EngineContext, 'path'>): Promise<Engine> {
  const found = await findEngine(context);
  if (found !== undefined) return found;
  throw new UserError('program.missing', `expected ${engines.join(' or ')} on PATH, found neither`, {
    hint: 'apt-get install podman',
  });
}

/** What container images call an architecture (the GOARCH of the OCI image specification). */
export function ociArch(arch: Arch): string {
  return archNames(arch).go;
}
