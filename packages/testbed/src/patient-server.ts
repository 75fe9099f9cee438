import type { ServerOptions } from 'node:http';

/**
 * A server that never hangs up by itself. Else, after 5 s, it may close a connection the very moment its busy client
 * sends the next request over it.
 */
export const patientServer: ServerOptions = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 };
