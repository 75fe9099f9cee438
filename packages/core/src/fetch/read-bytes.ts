import { UserError } from '../diagnostics/user-error.ts';
import type { HttpAnswer } from '../ports/http.ts';

/** The whole body; more than `maxBytes` is a UserError. */
export async function readBytes(
  url: string,
  answer: Pick<HttpAnswer, 'body'>,
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.byteLength;
    if (size > maxBytes)
      throw new UserError('fetch.too-large', `${url}: expected at most ${maxBytes} bytes, got more`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
