import type { Exec } from '@bakery/core/src/ports/exec.ts';

/** The same, with variables named to every program that `run` starts. */
export function withEnvironment(exec: Exec, env: Readonly<Record<string, string | undefined>>): Exec {
  return {
    ...exec,
    run: (program, args, options) =>
      exec.run(program, args, { ...options, env: { ...env, ...options?.env } }),
  };
}
