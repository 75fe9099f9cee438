import { capped } from './capped.ts';
import type { Code } from './code.ts';
import type { Diagnostic } from './diagnostic.ts';

export interface UserErrorOptions extends ErrorOptions {
  readonly hint?: string;
  /** What the lines of the message say, where it is about several places. */
  readonly diagnostics?: readonly Diagnostic[];
}

/** A failure the reader can fix: shown as one line and a hint, never a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** What kind of failure it is, for programs. */
  readonly code: Code;
  readonly hint: string | undefined;
  readonly diagnostics: readonly Diagnostic[];

  constructor(code: Code, message: string, options: UserErrorOptions = {}) {
    super(capped(message), options);
    this.code = code;
    this.hint = options.hint === undefined ? undefined : capped(options.hint);
    this.diagnostics = options.diagnostics ?? [];
  }
}
