import { UserError } from '../diagnostics/user-error.ts';
import { BrokenOff } from './broken-off.ts';
import type { IdleLimit } from './idle-limit.ts';

/**
 * The body of an answer as its readers get it: limits count only while somebody waits for bytes, what breaks is a
 * `BrokenOff`, and giving it up never fails.
 */
export function answerBody(
  body: ReadableStream<Uint8Array>,
  url: string,
  idle: IdleLimit,
  stopped?: AbortSignal,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        idle.start();
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (cause) {
          stopped?.throwIfAborted();
          throw cause instanceof UserError ? cause : new BrokenOff(url, cause);
        } finally {
          idle.stop();
        }
      },
      // undici rejects this for bodies that are broken already or longer than it can count.
      cancel: (reason) => reader.cancel(reason).catch(() => {}),
    },
    { highWaterMark: 0 },
  );
}
