import type { ServerResponse } from 'node:http';

/** Answers with one short line of text. */
export function answerText(response: ServerResponse, status: number, line: string): void {
  const body = `${line}\n`;
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}
