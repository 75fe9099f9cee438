/** An answer whose status the caller looks at. The body must be read or cancelled. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Address after mirrors and redirects. */
  readonly url: string;
  readonly body: ReadableStream<Uint8Array>;
}

export interface HttpRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly body?: string;
  /** How often to ask in all, for what is not worth the usual patience. */
  readonly attempts?: number;
}

/**
 * Fetches over HTTP. Adapters apply mirrors, credentials and retries, and honour Retry-After;
 * 404 and 410 come back as an answer, everything else that is not 2xx rejects with a UserError.
 */
export interface Http {
  get(url: string, request?: HttpRequest): Promise<HttpAnswer>;
  /** The whole body, or `undefined` when there is no such document (404, 410). */
  bytes(url: string, request?: HttpRequest): Promise<Uint8Array | undefined>;
  /** The whole body as UTF-8 text, or `undefined` when there is no such document (404, 410). */
  text(url: string, request?: HttpRequest): Promise<string | undefined>;
}
