import { UserError } from '@bakery/core/diagnostics.ts';
import { requireReason } from '@bakery/core/release.ts';
import { UsageError } from './run-cli.ts';

/** Why somebody wants it, as `option` has it; UsageError for what is no line that people can read. */
export function readReason(option: string, text: string): string {
  try {
    return requireReason(option, text);
  } catch (error) {
    if (error instanceof UserError) throw new UsageError(error.message);
    throw error;
  }
}
