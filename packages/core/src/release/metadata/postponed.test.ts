import { expect, it } from '@jest/globals';
import { GithubBusy } from '../../github/busy.ts';
import type { Budget } from '../../store/budget.ts';
import { postponedBy, runsLeft, showRunsLeft, whatWaits } from './postponed.ts';

const until = Date.parse('2026-11-27T15:41:30Z');
const one = { name: 'tool', until };

it('takes a limit of GitHub for a pause, and nothing else', () => {
  expect(postponedBy('tool', new GithubBusy({ kind: 'hourly', until }))).toEqual(one);
  expect(postponedBy('tool', new GithubBusy({ kind: 'outage', until }))).toBeUndefined();
  expect(postponedBy('tool', new Error('something else'))).toBeUndefined();
});

it.each([
  [{ ...one, files: 12 }, '12 files wait until 2026-11-27 15:42 UTC'],
  [{ ...one, files: 1, until: undefined }, '1 file waits for the next run'],
  [one, 'waits until 2026-11-27 15:42 UTC'],
])('says of %j: %s', (postponed, text) => {
  expect(whatWaits(postponed)).toBe(text);
});

it('says how many more runs it takes, where somebody knows', () => {
  expect(runsLeft([], budget)).toBeUndefined();
  expect(runsLeft([one], undefined)).toBeUndefined();
  expect(runsLeft([one], budget)).toBe(1);
  expect(runsLeft([{ ...one, files: 300 }, one], budget)).toBe(4);
  expect([undefined, 1, 4].map(showRunsLeft)).toEqual([
    '',
    'One more run is enough.',
    '4 more runs are enough, each in an hour of its own.',
  ]);
});

const hourly = { requests: 1000, creations: 100 };
const budget: Budget = {
  left: hourly,
  hourly,
  until,
  release: () => hourly,
  index: ({ added }) => ({ requests: 2 * added, creations: added }),
};
