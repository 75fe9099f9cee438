import { InvalidArgumentError } from 'commander';
import { defaultLifetime } from '@bakery/core/signing.ts';

/** How long keys are good that a command makes. */
export const lifetimeOption = [
  '--lifetime <time>',
  'how long a signing key is valid: days, 18m, 2y, 2030-01-31 or never; only a reminder, hosts ignore it',
  readLifetime,
  defaultLifetime,
] as const;

const longest = 20 * 365; // days; what gpg counts ends in 2106
const days: Readonly<Record<string, number>> = { '': 1, d: 1, w: 7, m: 30, y: 365 };

/** As gpg reads it, which says little of what it cannot read, and makes something of what is too much. */
function readLifetime(text: string): string {
  const [, count = '', unit = ''] = /^([1-9]\d{0,4})([dwmy]?)$/.exec(text) ?? [];
  const lifetime = /^\d{4}-\d\d-\d\d$/.test(text)
    ? (Date.parse(text) - Date.now()) / 86_400_000
    : Number(count) * (days[unit] ?? 0);
  if (text === 'never' || (lifetime > 0 && lifetime <= longest)) return text;
  throw new InvalidArgumentError(
    'expected days, 26w, 18m, 2y, a day to come like 2030-01-31, or never; at most twenty years',
  );
}
