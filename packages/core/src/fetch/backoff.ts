/** How often something is asked for in all; with the waits between about 8 s, a restart of a load balancer. */
export const attempts = 5;

const firstWaitMs = 500; // a server that refused needs a moment, a person hardly notices one
const longestBackoffMs = 30_000; // a link that is down longer is not a hiccup

/** How long to wait before attempt `attempt` + 1 (attempts count from 1), in milliseconds: doubling, half of it jitter. */
export function backoffMs(attempt: number, random: () => number): number {
  const full = Math.min(longestBackoffMs, firstWaitMs * 2 ** (attempt - 1));
  return Math.round(full / 2 + (full / 2) * random());
}

/** Waits; rejects with the reason of `signal` when that comes first. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;
