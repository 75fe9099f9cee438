import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { patientServer } from './patient-server.ts';
import { portOf } from './port-of.ts';

/** What is served at a path, and what goes wrong on the way. */
export interface ServedFile {
  readonly body: Uint8Array | string;
  /** Strong ETag without quotes; the hash of the body by default, none for `false`. */
  readonly etag?: string | false;
  readonly lastModified?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Answers this status with a Location instead of the body. */
  readonly redirect?: { readonly to: string; readonly status?: number };
  readonly faults?: readonly Fault[];
  /** What the answer waits for. */
  readonly ready?: () => Promise<void>;
}

/** A fault with `times` happens that often, then never again; without, on every request. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly times?: number;
      readonly retryAfter?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The connection is reset after that many bytes of the body. */
  | { readonly kind: 'reset'; readonly after: number; readonly times?: number; readonly sent?: Sent }
  /** Nothing more comes after that many bytes, but the connection stays open. */
  | { readonly kind: 'stall'; readonly after: number; readonly times?: number; readonly sent?: Sent }
  | { readonly kind: 'slow'; readonly chunkBytes: number; readonly pauseMs: number; readonly times?: number }
  /** Claims a Content-Length, and ends the connection after the true body. */
  | { readonly kind: 'length'; readonly claim: number; readonly times?: number }
  /** Says nothing about the length and ends after that many bytes as if that were all. */
  | { readonly kind: 'cut'; readonly after: number; readonly times?: number }
  | { readonly kind: 'no-range'; readonly times?: number };

/**
 * Called when everything in front of a fault is sent, up to that byte of the whole body at `url`. The fault waits for it: a reset
 * takes along what its reader has not yet taken, so whoever counts bytes waits here until they have arrived.
 */
export type Sent = (end: number, url: string) => Promise<void> | void;

export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

export interface FileServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly log: readonly LoggedRequest[];
  serve(path: string, file: ServedFile | string | Uint8Array): void;
  remove(path: string): void;
  has(path: string): boolean;
}

/** A file server on loopback with Range support, a request log and faults to order. */
export async function fileServer(
  files: Readonly<Record<string, ServedFile | string | Uint8Array>> = {},
): Promise<FileServer> {
  const served = new Map<string, Served>();
  const log: LoggedRequest[] = [];
  const serve = (path: string, file: ServedFile | string | Uint8Array) => served.set(path, prepare(file));
  for (const [path, file] of Object.entries(files)) serve(path, file);

  const server = createServer(patientServer, (request, response) => {
    const path = request.url ?? '/';
    log.push({ method: request.method ?? 'GET', path, headers: request.headers });
    const file = served.get(path) ?? served.get(path.split('?')[0] ?? path);
    request.resume();
    if (file === undefined) response.writeHead(404).end('no such file\n');
    else answer(file, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    log,
    serve,
    remove: (path) => void served.delete(path),
    has: (path) => served.has(path),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Served {
  readonly file: ServedFile;
  readonly body: Uint8Array;
  /** How often each fault may still happen. */
  readonly left: Map<Fault, number>;
}

function prepare(given: ServedFile | string | Uint8Array): Served {
  const file = typeof given === 'string' || given instanceof Uint8Array ? { body: given } : given;
  const left = new Map((file.faults ?? []).map((fault) => [fault, fault.times ?? Infinity]));
  return { file, body: Buffer.from(file.body), left };
}

async function answer(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { file, body } = served;
  await file.ready?.();
  const status = take(served, 'status');
  if (status !== undefined) {
    const after = status.retryAfter === undefined ? {} : { 'retry-after': status.retryAfter };
    response.writeHead(status.status, { ...after, ...status.headers }).end(status.body ?? 'no\n');
    return;
  }
  if (file.redirect !== undefined) {
    response.writeHead(file.redirect.status ?? 302, { location: file.redirect.to }).end();
    return;
  }
  const validators = validatorsOf(file, body);
  const start = take(served, 'no-range') === undefined ? rangeStart(request, validators) : undefined;
  const headers = { ...validators, ...file.headers };
  if (start !== undefined && start >= body.length) {
    response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end();
    return;
  }
  const part = body.subarray(start ?? 0);
  const range =
    start === undefined ? {} : { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` };
  const cut = take(served, 'cut');
  const length =
    cut === undefined ? { 'content-length': String(take(served, 'length')?.claim ?? part.length) } : {};
  response.writeHead(start === undefined ? 200 : 206, {
    'accept-ranges': 'bytes',
    ...headers,
    ...range,
    ...length,
  });
  if (request.method === 'HEAD') response.end();
  else
    await send(served, cut === undefined ? part : part.subarray(0, cut.after), response, {
      start: start ?? 0,
      url: `http://${request.headers.host}${request.url}`,
    });
}

function validatorsOf(file: ServedFile, body: Uint8Array): Record<string, string> {
  const etag = file.etag ?? createHash('sha256').update(body).digest('hex').slice(0, 16);
  return {
    ...(etag === false ? {} : { etag: etag.startsWith('W/') ? etag : `"${etag}"` }),
    ...(file.lastModified === undefined ? {} : { 'last-modified': file.lastModified }),
  };
}

/** Where to start, or `undefined` for the whole body; If-Range as RFC 9110 section 13.1.5 says. */
function rangeStart(request: IncomingMessage, validators: Record<string, string>): number | undefined {
  const wanted = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
  if (wanted === undefined) return undefined;
  const condition = request.headers['if-range']?.toString();
  if (condition !== undefined && !Object.values(validators).includes(condition)) return undefined;
  return Number(wanted);
}

async function send(
  served: Served,
  part: Uint8Array,
  response: ServerResponse,
  { start, url }: { readonly start: number; readonly url: string },
): Promise<void> {
  const reset = take(served, 'reset');
  if (reset !== undefined) {
    await write(response, part.subarray(0, reset.after));
    await reset.sent?.(start + reset.after, url);
    response.socket?.resetAndDestroy();
    return;
  }
  const stall = take(served, 'stall');
  if (stall !== undefined) {
    await write(response, part.subarray(0, stall.after));
    await stall.sent?.(start + stall.after, url);
    return;
  }
  const slow = take(served, 'slow');
  const step = slow?.chunkBytes ?? part.length;
  for (let at = 0; at < part.length && !response.destroyed; at += step) {
    await write(response, part.subarray(at, at + step));
    if (slow !== undefined) await sleep(slow.pauseMs);
  }
  // A body shorter than its Content-Length can only be ended by closing the connection.
  response.end(() => response.socket?.end());
}

async function write(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  if (bytes.length > 0) await new Promise<void>((resolve) => response.write(bytes, () => resolve()));
  else response.flushHeaders();
}

function take<K extends Fault['kind']>(served: Served, kind: K): Extract<Fault, { kind: K }> | undefined {
  for (const [fault, left] of served.left) {
    if (!isKind(fault, kind) || left <= 0) continue;
    served.left.set(fault, left - 1);
    return fault;
  }
  return undefined;
}

function isKind<K extends Fault['kind']>(fault: Fault, kind: K): fault is Extract<Fault, { kind: K }> {
  return fault.kind === kind;
}
