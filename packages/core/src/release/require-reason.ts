import { UserError } from '../diagnostics/user-error.ts';
import { visible } from '../diagnostics/visible.ts';

const longestReason = 500; // characters; it stands in release notes, the catalogue, feeds and tables

/** A reason that people read wherever a version is shown; UserError for none, for several lines, and for very long ones. */
export function requireReason(subject: string, text: string): string {
  const reason = text.trim();
  const got = faultOf(reason);
  if (got === undefined) return reason;
  throw new UserError(
    'input.invalid',
    `${subject}: expected why, in one line of at most ${longestReason} characters, got ${got}`,
  );
}

function faultOf(reason: string): string | undefined {
  if (reason === '') return 'nothing';
  if (reason.length > longestReason) return `${reason.length} characters`;
  if (/[\n\t]/.test(reason) || visible(reason) !== reason)
    return JSON.stringify(visible(reason.slice(0, 80)));
  return undefined;
}
