import { CommanderError } from 'commander';
import { capped, type UserError } from '@bakery/core/diagnostics.ts';
import { asUserError } from '@bakery/core/lifetime.ts';

/** 0 done, 1 failed, 2 not understood; a command run in a machine has its own. */
export type ExitCode = number;

/** Where failures go: as words, and with `--json` as data too. */
export interface FailureOutput {
  readonly complain: (text: string) => void;
  readonly json?: ((data: unknown) => void) | undefined;
}

/** The one place that turns failures into words and an exit code. */
export async function runCli(
  work: () => Promise<ExitCode>,
  { complain, json }: FailureOutput,
): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      json?.({ error: { code: 'input.invalid', message: misunderstood(error) } });
      return 2; // commander said it in words
    }
    if (error instanceof UsageError) {
      complain(`bakery: ${error.message}\n`);
      json?.({ error: { code: 'input.invalid', message: error.message } });
      return 2;
    }
    const known = asUserError(error);
    if (known !== undefined) {
      json?.({ error: toJson(known) });
      complain(`bakery: ${known.message}\n`);
      if (known.hint !== undefined) complain(`hint: ${known.hint}\n`);
      return 1;
    }
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    complain(`bakery: this is a bug, please report it\n${capped(stack)}\n`);
    json?.({ error: { code: 'bug', message: capped(stack) } });
    return 1;
  }
}

/** It shows the help of a command that lacks its own command, and has no words for that. */
function misunderstood({ code, message }: CommanderError): string {
  return code === 'commander.help' ? 'expected a command' : message.replace(/^error: /, '');
}

function toJson({ code, message, hint, diagnostics }: UserError) {
  return { code, message, hint, ...(diagnostics.length === 0 ? {} : { diagnostics }) };
}

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
