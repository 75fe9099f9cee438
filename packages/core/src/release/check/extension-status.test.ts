import { expect, it } from '@jest/globals';
import { UserError } from '../../diagnostics/user-error.ts';
import type { Failing } from '../history/status-file.ts';
import { badgeOf } from './badge.ts';
import { extensionStatuses } from './extension-status.ts';
import type { Wanted } from './plan.ts';

const latest = (name: string, version: string): Wanted => ({ name, version, why: 'latest' });
const fault: Failing = { version: '2.0', since: '2026-11-25T03:17:00.000Z', why: 'no such file' };

const checked = {
  plan: { build: [latest('b', '2.0'), latest('b', '3.0')], published: [latest('a', '1.10')], deferred: [] },
  failures: [{ name: 'c', version: 'latest', error: new UserError('version.none', 'none') }],
  tags: new Set(['SHA256SUMS', 'a', 'a-1.9', 'a-1.10', 'a-x-7', 'b', 'b-1.0', 'bakery-status']),
};

it('tells of each extension the newest that is published, what is missing, and what fails', () => {
  expect(extensionStatuses(checked, { status: 1, failing: { b: fault } }, ['a', 'a-x', 'b', 'c'])).toEqual([
    { name: 'a', missing: [], published: '1.10' },
    { name: 'b', missing: ['3.0', '2.0'], published: '1.0', failing: fault },
    { name: 'c', missing: [] },
  ]);
});

it('finds nothing that fails in what every object has', () => {
  const one = { ...checked, plan: { ...checked.plan, build: [], published: [latest('constructor', '1')] } };
  const statuses = extensionStatuses(one, { status: 1, failing: {} }, ['constructor']);
  expect(statuses.find(({ name }) => name === 'constructor')).toEqual({ name: 'constructor', missing: [] });
});

it.each([
  [[{ name: 'a', missing: [] }], '1 up to date', 'brightgreen'],
  [[{ name: 'a', missing: ['1'] }], '1 behind', 'yellow'],
  [[{ name: 'a', missing: [], failing: { ...fault, leftOut: true as const } }], '1 behind', 'yellow'],
  [
    [
      { name: 'a', missing: ['1'] },
      { name: 'b', missing: ['1'], failing: fault },
    ],
    '1 failing, 1 behind',
    'red',
  ],
])('says in a badge of %j: %s', (statuses, message, color) => {
  expect(badgeOf(statuses)).toEqual({ schemaVersion: 1, label: 'extensions', message, color });
});
