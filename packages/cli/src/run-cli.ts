import { CommanderError } from 'commander';
import { capped } from '@bakery/core/diagnostics/capped.ts';
import { asUserError } from '@bakery/core/lifetime/file-errors.ts';

/** 0 done, 1 failed, 2 not understood; a command run in a machine has its own. */
export type ExitCode = number;

/** The one place that turns failures into words and an exit code. */
export async function runCli(
  work: () => Promise<ExitCode>,
  complain: (text: string) => void,
): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof UsageError) {
      complain(`bakery: ${error.message}\n`);
      return 2;
    }
    const known = asUserError(error);
    if (known !== undefined) {
      complain(`bakery: ${known.message}\n`);
      if (known.hint !== undefined) complain(`hint: ${known.hint}\n`);
      return 1;
    }
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    complain(`bakery: this is a bug, please report it\n${capped(stack)}\n`);
    return 1;
  }
}

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
