import type { AssetBytes } from './state.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** At most one of the three. */
  readonly json?: unknown;
  readonly text?: string;
  readonly bytes?: AssetBytes;
}

/** One entry of a 422's `errors`. */
export interface FieldError {
  readonly resource: string;
  readonly code: string;
  readonly field?: string;
  readonly message?: string;
}

const documentation = 'https://docs.github.com/rest';

export function ok(json: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, json, headers };
}

export function created(json: unknown, location: string): Answer {
  return { status: 201, json, headers: { location } };
}

export const noContent: Answer = { status: 204 };

export const notFound: Answer = failed(404, 'Not Found');

export function failed(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers, json: { message, documentation_url: documentation, status: String(status) } };
}

export function invalid(...errors: readonly FieldError[]): Answer {
  return {
    status: 422,
    json: { message: 'Validation Failed', errors, documentation_url: documentation, status: '422' },
  };
}

export function redirect(location: string): Answer {
  return { status: 302, headers: { location } };
}
