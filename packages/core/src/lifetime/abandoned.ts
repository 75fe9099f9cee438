import { readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { lifeOf, type Owner } from './owner.ts';

const hourMs = 60 * 60_000;
/** How long what belongs to an unseen process may stay as it is; its owner touches it far more often. */
export const leaseMs = hourMs;
const beatMs = 30_000;

/** Whether nobody works on `path` any more: its process is dead, or cannot be seen and gives no sign. */
export async function isAbandoned(path: string, owner: Owner | undefined, now: number): Promise<boolean> {
  const life = owner === undefined ? 'unknown' : lifeOf(owner);
  return life === 'dead' || (life === 'unknown' && now - (await lastChange(path)) > leaseMs);
}

/** Milliseconds since 1970 at which a file, or a folder or what lies in it, was last changed. */
export async function lastChange(path: string): Promise<number> {
  const names = await readdir(path).catch(() => []);
  const paths = [path, ...names.map((name) => join(path, name))];
  const times = await Promise.all(
    paths.map(async (each) => (await stat(each).catch(() => undefined))?.mtimeMs),
  );
  return times.reduce<number>((latest, time) => Math.max(latest, time ?? 0), 0);
}

/** Shows processes that cannot see this one that `path` is worked on, until disposed. */
export function keepAlive(path: string): Disposable {
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {}); // moved to where it is to stay
  }, beatMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
