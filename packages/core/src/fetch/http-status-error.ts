import { UserError } from '../diagnostics/user-error.ts';

/** A status that is neither 2xx nor "no such document". */
export class HttpStatusError extends UserError {
  readonly status: number;

  constructor(status: number, message: string, options: ErrorOptions & { readonly hint?: string } = {}) {
    super('fetch.status', message, options);
    this.status = status;
  }
}
