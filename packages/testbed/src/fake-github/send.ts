import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import { readBytes } from './asset-bytes.ts';
import { byteRange } from './byte-range.ts';

/** Writes the answer to the wire, whole or the range that was asked for. */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
): Promise<void> {
  const { status, headers = {} } = answer;
  if (answer.bytes !== undefined) {
    sendBytes(request, response, await readBytes(answer.bytes), headers);
    return;
  }
  const content = Buffer.from(answer.json === undefined ? (answer.text ?? '') : JSON.stringify(answer.json));
  const type = answer.json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
  const length = status === 204 || status === 304 ? {} : { 'content-length': String(content.length) };
  response.writeHead(status, { ...type, ...headers, ...length });
  response.end(content);
}

/** What stands for this content in If-None-Match; differs between tokens, as on GitHub. */
export function etagOf(json: unknown, token: string): string {
  return `W/"${createHash('sha256')
    .update(`${token}\n${JSON.stringify(json)}`)
    .digest('hex')}"`;
}

function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer,
  headers: Readonly<Record<string, string>>,
): void {
  const range = byteRange(request.headers.range, bytes.length);
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    return;
  }
  const part = range === undefined ? bytes : bytes.subarray(range.start, range.end);
  const contentRange =
    range === undefined ? {} : { 'content-range': `bytes ${range.start}-${range.end - 1}/${bytes.length}` };
  const length = { 'content-length': String(part.length), 'accept-ranges': 'bytes' };
  response.writeHead(range === undefined ? 200 : 206, { ...headers, ...length, ...contentRange });
  response.end(request.method === 'HEAD' ? undefined : part);
}
