import { UserError } from '../diagnostics/user-error.ts';
import { BrokenOff } from './broken-off.ts';
import type { IdleLimit } from './idle-limit.ts';
import { minimumRate, type MinimumRate, requireRate } from './minimum-rate.ts';

/**
 * The body of an answer as its readers get it: limits count only while somebody waits for bytes, what breaks is a
 * `BrokenOff`, and giving it up never fails.
 */
export function answerBody(
  body: ReadableStream<Uint8Array>,
  url: string,
  idle: IdleLimit,
  {
    stopped,
    rate = minimumRate,
  }: { readonly stopped?: AbortSignal | undefined; readonly rate?: MinimumRate | undefined } = {},
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let bytes = 0;
  let waitedMs = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        idle.start(bytes > 0);
        const since = performance.now();
        try {
          const { done, value } = await reader.read();
          if (done) return controller.close();
          bytes += value.byteLength;
          waitedMs += performance.now() - since;
          requireRate(url, { bytes, waitedMs }, rate);
          controller.enqueue(value);
        } catch (cause) {
          stopped?.throwIfAborted();
          if (cause instanceof UserError) void reader.cancel(cause).catch(() => {});
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
