import type { IncomingMessage, ServerResponse } from 'node:http';
import { contentType } from './content-type.ts';

/** The page that a request’s target means, without the first `/`; a folder means its index.html. */
export function pageFor(target: string): string | undefined {
  const [path = ''] = target.split('?', 1);
  if (!/^\/[\w./-]*$/.test(path)) return undefined;
  return path.endsWith('/') ? `${path.slice(1)}index.html` : path.slice(1);
}

/** Answers with bytes that are in no file. */
export function answerPage(
  path: string,
  bytes: string | Uint8Array,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.writeHead(200, {
    'Cache-Control': 'no-cache',
    'Content-Length': Buffer.byteLength(bytes),
    'Content-Type': contentType(path),
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}
