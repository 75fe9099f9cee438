/**
 * In a SHA256SUMS, the name `BEST-BEFORE-YYYY-MM-DD` is that of no file: systemd-sysupdate from 260 on refuses a manifest
 * once that day has begun in UTC, and when there are several, once the first of them has; older ones have no use for it.
 */
export function bestBeforeName(day: string): string {
  return `BEST-BEFORE-${day}`;
}

/** Days before such a day from which it is told: a bakery renews it once a week, and never so late. */
export const daysOfNotice = 7;

/** What the hash beside such a name is to be: that of an empty file. */
export const hashOfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** The day such a name tells, `YYYY-MM-DD`; undefined for files, and for days that there are not, which systemd passes over. */
export function dayInName(name: string): string | undefined {
  const day = /^BEST-BEFORE-(\d{4}-\d{2}-\d{2})$/.exec(name)?.[1];
  const time = day === undefined ? NaN : Date.parse(`${day}T00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day ? undefined : day;
}
