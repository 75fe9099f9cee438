/** Whether a day (YYYY-MM-DD, UTC) is over at `now`, milliseconds since 1970. */
export function hasEnded(day: string, now: number): boolean {
  return day < new Date(now).toISOString().slice(0, 10);
}
