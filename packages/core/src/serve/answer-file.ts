import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import fresh from 'fresh';
import parseRange from 'range-parser';
import { answerText } from './answer-text.ts';
import type { OpenFile } from './open-file.ts';

/** Answers with a file, the part of it that is asked for, or that the reader’s copy is still good. */
export async function answerFile(
  file: OpenFile,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = headersOf(file);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (fresh(request.headers, { etag: headers.ETag, 'last-modified': headers['Last-Modified'] })) {
    response.removeHeader('Content-Type');
    response.writeHead(304).end();
    return;
  }
  const part = partOf(file, request);
  if (part === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${file.size}`);
    answerText(response, 416, 'Range not satisfiable');
    return;
  }
  response.setHeader('Content-Length', part.end - part.start + 1);
  if (part.partial) response.setHeader('Content-Range', `bytes ${part.start}-${part.end}/${file.size}`);
  response.writeHead(part.partial ? 206 : 200);
  if (request.method === 'HEAD' || part.end < part.start) response.end();
  else await pipeline(file.handle.createReadStream({ ...part, autoClose: false }), response);
}

function headersOf(file: OpenFile) {
  return {
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'no-cache', // keep it, but ask each time: manifests are replaced under their name
    'Content-Type': file.type,
    ETag: file.etag,
    'Last-Modified': file.modified.toUTCString(),
    'X-Content-Type-Options': 'nosniff',
  } satisfies OutgoingHttpHeaders;
}

/** Positions of the first and last byte. */
interface Part {
  readonly start: number;
  readonly end: number;
  readonly partial: boolean;
}

function partOf(file: OpenFile, request: IncomingMessage): Part | 'unsatisfiable' {
  const whole = { start: 0, end: file.size - 1, partial: false };
  const { range } = request.headers;
  if (range === undefined || request.method !== 'GET' || !isSameCopy(file, request.headers['if-range'])) {
    return whole;
  }
  const ranges = parseRange(file.size, range);
  if (ranges === -1) return 'unsatisfiable';
  // Malformed, or several at once: answering with everything is always allowed (RFC 9110, 14.2).
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return whole;
  const [{ start, end } = whole] = ranges;
  return { start, end, partial: true };
}

function isSameCopy(file: OpenFile, ifRange: string | string[] | undefined): boolean {
  return ifRange === undefined || ifRange === file.etag || ifRange === file.modified.toUTCString();
}
