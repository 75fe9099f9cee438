import { UserError } from '../diagnostics/user-error.ts';

const lastSecond = 253_402_300_800; // seconds since 1970 at the end of the year 9999; later dates cannot be shown

/** GitHub wants no more requests for now. Not a failure: what was not done can be done by the next run. */
export class OutOfBudget extends UserError {
  /** Seconds since 1970, when known. */
  readonly resetsAt: number | undefined;

  constructor(message: string, resetsAt: number, options: ErrorOptions = {}) {
    const isKnown = resetsAt >= 0 && resetsAt < lastSecond;
    const when = isKnown ? `after ${new Date(resetsAt * 1000).toISOString()}` : 'in an hour';
    super(message, { ...options, hint: `run again ${when}; nothing is lost` });
    this.resetsAt = isKnown ? resetsAt : undefined;
  }
}
