import { UserError } from '../diagnostics/user-error.ts';
import { reasonOf } from './reason-of.ts';

/** A body that ended before its end; asking again may help. */
export class BrokenOff extends UserError {
  /** Without the address. */
  readonly why: string;

  constructor(url: string, cause: unknown) {
    const why = reasonOf(cause);
    super('fetch.unreachable', `${url}: expected the whole answer, got a part of it: ${why}`, { cause });
    this.why = why;
  }
}
