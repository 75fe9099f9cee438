import { UserError } from '../diagnostics/user-error.ts';

/** GitHub wants no more requests for now. Not a failure: what was not done can be done by the next run. */
export class OutOfBudget extends UserError {
  /** Seconds since 1970, when known. */
  readonly resetsAt: number | undefined;

  constructor(message: string, resetsAt: number, options: ErrorOptions = {}) {
    const isKnown = Number.isFinite(resetsAt);
    const when = isKnown ? `after ${new Date(resetsAt * 1000).toISOString()}` : 'in an hour';
    super(message, { ...options, hint: `run again ${when}; nothing is lost` });
    this.resetsAt = isKnown ? resetsAt : undefined;
  }
}
