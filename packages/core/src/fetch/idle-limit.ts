/** Ends an exchange in which nothing moves for `ms`; a slow one that moves goes on for ever. */
export interface IdleLimit extends Disposable {
  readonly signal: AbortSignal;
  start(): void;
  stop(): void;
}

export function idleLimit(ms: number, stopped?: AbortSignal): IdleLimit {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const stop = () => clearTimeout(timer);
  return {
    signal: stopped === undefined ? controller.signal : AbortSignal.any([controller.signal, stopped]),
    start: () => {
      stop();
      timer = setTimeout(() => controller.abort(new Error(`nothing came for ${ms / 1000} s`)), ms);
    },
    stop,
    [Symbol.dispose]: stop,
  };
}

/** The same bytes; the limit counts only while somebody waits for them. */
export function withIdleLimit(body: ReadableStream<Uint8Array>, idle: IdleLimit): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        idle.start();
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } finally {
          idle.stop();
        }
      },
      cancel: async (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
