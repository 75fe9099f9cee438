import { capped } from './capped.ts';
import type { Code } from './code.ts';

export interface UserErrorOptions extends ErrorOptions {
  readonly hint?: string;
}

/** A failure the reader can fix: shown as one line and a hint, never a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** What kind of failure it is, for programs. */
  readonly code: Code;
  readonly hint: string | undefined;

  constructor(code: Code, message: string, options: UserErrorOptions = {}) {
    super(capped(message), options);
    this.code = code;
    this.hint = options.hint === undefined ? undefined : capped(options.hint);
  }
}
