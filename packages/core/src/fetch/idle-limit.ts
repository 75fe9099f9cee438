/** Milliseconds without a byte; slow mirrors take half a minute to bring a file back from their cold storage. */
export const idleLimitMs = 60_000;

/** Who fell silent so often for one file has no more to say: such a pause is no hiccup of a connection. */
export const silentAttempts = 2;

/** The reason of an exchange that ended because nothing came. */
export class Silence extends Error {
  override readonly name = 'Silence';
}

/** Ends an exchange in which nothing moves for a while. */
export interface IdleLimit extends Disposable {
  readonly signal: AbortSignal;
  /** Waits for half as long once bytes of the body have come: what is in cold storage does not begin to come. */
  start(hasBegun?: boolean): void;
  stop(): void;
}

/** Whether an attempt failed because nothing came. */
export function isSilent(error: unknown): boolean {
  return error instanceof Error && (error instanceof Silence || isSilent(error.cause));
}

export function idleLimit(ms: number, stopped?: AbortSignal): IdleLimit {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const stop = () => clearTimeout(timer);
  return {
    signal: stopped === undefined ? controller.signal : AbortSignal.any([controller.signal, stopped]),
    start: (hasBegun = false) => {
      stop();
      const limit = hasBegun ? ms / 2 : ms;
      const silence = () => new Silence(`nothing came for ${limit / 1000} s`);
      timer = setTimeout(() => controller.abort(silence()), limit);
    },
    stop,
    [Symbol.dispose]: stop,
  };
}
