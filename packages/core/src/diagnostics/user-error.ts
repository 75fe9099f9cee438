import { capped } from './capped.ts';

/** A failure the reader can fix: shown as one line and a hint, never a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly hint: string | undefined;

  constructor(message: string, options: ErrorOptions & { readonly hint?: string } = {}) {
    super(capped(message), options);
    this.hint = options.hint === undefined ? undefined : capped(options.hint);
  }
}
