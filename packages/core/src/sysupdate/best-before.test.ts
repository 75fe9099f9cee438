import { expect, it } from '@jest/globals';
import { bestBeforeName, dayInName } from './best-before.ts';

it('tells the day that a name stands for', () => {
  expect(dayInName(bestBeforeName('2028-02-29'))).toBe('2028-02-29');
});

it.each([
  'a-1-x86-64.raw',
  'BEST-BEFORE-2027-02-29',
  'BEST-BEFORE-2027-13-01',
  'BEST-BEFORE-soon',
  'BEST-BEFORE-2027-01-01.raw',
  'best-before-2027-01-01',
])('takes %s for the name of a file', (name) => {
  expect(dayInName(name)).toBeUndefined();
});
