import { UserError } from '../diagnostics/user-error.ts';

/** Where a file does not exist. */
export function notFound(url: string, status: number): UserError {
  return new UserError('fetch.not-found', `${url}: expected a file, got ${status} (no such file)`);
}

/** A status that is neither 2xx nor "no such document". */
export class HttpStatusError extends UserError {
  readonly status: number;

  constructor(status: number, message: string, options: ErrorOptions & { readonly hint?: string } = {}) {
    super('fetch.status', message, options);
    this.status = status;
  }
}
