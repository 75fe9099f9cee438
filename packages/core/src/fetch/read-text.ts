import type { HttpAnswer } from '../ports/http.ts';
import { UserError } from '../user-error.ts';

/** The whole body as UTF-8; more than `maxBytes` is a UserError. */
export async function readText(url: string, answer: HttpAnswer, maxBytes: number): Promise<string> {
  const reader = answer.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks).toString('utf8');
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      throw new UserError(`${url}: expected a text of at most ${maxBytes} bytes, got more`);
    }
    chunks.push(value);
  }
}
