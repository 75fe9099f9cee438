import { UserError } from '../diagnostics/user-error.ts';
import type { Exec, ExecOptions } from './exec.ts';
import { endedWith, lastLines } from './last-lines.ts';

/** Runs a program that must succeed; a UserError holds the end of what it printed. Resolves to its stdout. */
export async function runChecked(
  exec: Exec,
  program: string,
  args: readonly string[],
  options: ExecOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await exec.run(program, args, options);
  if (code === 0) return stdout;
  throw new UserError(
    'program.failed',
    `${program} ${args.join(' ')}: ${endedWith(code)}\n  ${lastLines({ stdout, stderr })}`,
  );
}
