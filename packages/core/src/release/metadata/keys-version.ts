import { newestFirst } from '../../systemd/compare.ts';

/** The version of keys published on a day (milliseconds since 1970): that day, and a number where there are some of it. */
export function nextKeysVersion(newest: string | undefined, now: number): string {
  const today = new Date(now).toISOString().slice(0, 10).replaceAll('-', '.');
  if (newest === undefined || newestFirst(today, newest) < 0) return today;
  // Of today, or of a machine whose clock is ahead.
  const [, day = newest, count = '1'] = /^(\d{4}\.\d\d\.\d\d)\.(\d+)$/.exec(newest) ?? [];
  return `${day}.${Number(count) + 1}`;
}
