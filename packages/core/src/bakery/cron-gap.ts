/** Of the five fields: the least and the greatest value, and names for some. */
const fields = [
  { least: 0, most: 59, names: [] },
  { least: 0, most: 23, names: [] },
  { least: 1, most: 31, names: [] },
  {
    least: 1,
    most: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { least: 0, most: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
] as const;

const span = 4 * 366; // days: a leap year is among them
const firstDay = Date.UTC(2028, 0, 1);
const dayLength = 86_400_000; // ms

/**
 * The most days between two runs of a schedule, of POSIX cron expressions as GitHub reads them; Infinity where there are not
 * two. What cannot be read never runs.
 */
export function longestGap(crons: readonly string[]): number {
  const rules = crons.flatMap((cron) => dayRule(cron) ?? []);
  const days = Array.from({ length: span }, (_, day) => day).filter((day) => {
    const date = new Date(firstDay + day * dayLength);
    return rules.some((isDay) => isDay(date));
  });
  if (days.length < 2) return Infinity;
  return days.reduce((most, day, index) => Math.max(most, day - (days[index - 1] ?? day)), 0);
}

/** On which days it runs at all. */
function dayRule(cron: string): ((date: Date) => boolean) | undefined {
  const words = cron.trim().split(/\s+/);
  const sets = fields.map((field, index) => valuesOf(words[index] ?? '', field));
  const [, , ofMonth, months, ofWeek] = sets;
  if (words.length !== fields.length || sets.some((set) => set === undefined)) return undefined;
  const isStar = (index: number): boolean => words[index]?.startsWith('*') === true;
  return (date) => {
    const isMonth = months?.has(date.getUTCMonth() + 1) === true;
    const byMonth = ofMonth?.has(date.getUTCDate()) === true;
    const day = date.getUTCDay();
    const byWeek = ofWeek?.has(day) === true || (day === 0 && ofWeek?.has(7) === true);
    // Cron’s oddity: where both are said, either will do.
    return isMonth && (isStar(2) || isStar(4) ? byMonth && byWeek : byMonth || byWeek);
  };
}

type Field = (typeof fields)[number];

function valuesOf(word: string, { least, most, names }: Field): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of word.toLowerCase().split(',')) {
    const [, from = '', to, step] = /^(\*|\d+|[a-z]{3})(?:-(\d+|[a-z]{3}))?(?:\/(\d+))?$/.exec(part) ?? [];
    const first = from === '*' ? least : numberOf(from, names, least);
    const end = from === '*' || (to === undefined && step !== undefined) ? most : first;
    const last = to === undefined ? end : numberOf(to, names, least);
    const by = step === undefined ? 1 : Number(step);
    const isRange = first >= least && last <= most && first <= last && by > 0;
    if (!isRange) return undefined;
    for (let value = first; value <= last; value += by) values.add(value);
  }
  return values;
}

/** NaN for what is none. */
function numberOf(word: string, names: readonly string[], least: number): number {
  if (/^\d+$/.test(word)) return Number(word);
  const index = names.indexOf(word);
  return index === -1 ? NaN : index + least;
}
