import { UserError } from '../diagnostics/user-error.ts';
import { asUserError } from './file-errors.ts';

/** A bug is no reason to leave the other extensions unbuilt; it is shown as one at the end. */
export function forReader(error: unknown): UserError {
  const known = asUserError(error);
  if (known !== undefined) return known;
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new UserError('bug', `this is a bug, please report it: ${said}`, { cause: error });
}
