import { setTimeout as pause } from 'node:timers/promises';

/** How long tests wait for what other programs do, in ms: long beyond what a busy machine takes, so only a hang is cut off. */
export const patienceMs = 10 * 60_000;

/** Looks again and again until it holds. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  lookMs = 20,
): Promise<void> {
  const giveUp = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > giveUp) throw new Error(`${what}: did not happen in ${patienceMs / 1000} s`);
    await pause(lookMs);
  }
}
