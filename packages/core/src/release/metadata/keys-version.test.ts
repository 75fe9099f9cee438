import { expect, it } from '@jest/globals';
import { newestFirst } from '../../systemd/compare.ts';
import { nextKeysVersion } from './keys-version.ts';

const now = Date.parse('2026-11-28T23:59:59Z');

it.each([
  ['nothing', undefined, '2026.11.28'],
  ['those of a day before', '2026.11.27.3', '2026.11.28'],
  ['those of the same day', '2026.11.28', '2026.11.28.2'],
  ['the tenth of a day', '2026.11.28.9', '2026.11.28.10'],
  ['those of a clock that is ahead', '2026.11.30', '2026.11.30.2'],
  ['an extension of that name by somebody else', '3000', '3000.2'],
])('after %s comes what every systemd takes for newer', (_what, newest, next) => {
  expect(nextKeysVersion(newest, now)).toBe(next);
  if (newest !== undefined) expect(newestFirst(next, newest)).toBeLessThan(0);
});
