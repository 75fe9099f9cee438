/** Milliseconds without a byte; slow mirrors take half a minute to bring a file back from their cold storage. */
export const idleLimitMs = 60_000;

/** Ends an exchange in which nothing moves for `ms`. */
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
