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
    {
      name: 'b',
      missing: ['3.0', '2.0'],
      published: '1.0',
      behind: { versions: 2, newest: '3.0' },
      failing: fault,
    },
    { name: 'c', missing: [] },
  ]);
});

it('finds nothing that fails in what every object has', () => {
  const one = { ...checked, plan: { ...checked.plan, build: [], published: [latest('constructor', '1')] } };
  const statuses = extensionStatuses(one, { status: 1, failing: {} }, ['constructor']);
  expect(statuses.find(({ name }) => name === 'constructor')).toEqual({ name: 'constructor', missing: [] });
});

it('tells by how many versions one is behind, what waits for an answer included, and since when runs leave some', () => {
  const plan = {
    build: [],
    published: [latest('a', '1.0')],
    deferred: [latest('a', '1.9')],
    waiting: [
      { name: 'a', version: '1.10', why: 'nobody answered' },
      { name: 'b', version: 'latest', why: 'nobody answered' },
    ],
  };
  const since = '2026-11-25T03:17:00.000Z';
  const status = {
    status: 1 as const,
    failing: {},
    behind: { a: { versions: 1, newest: '1.9', since, why: '' } },
  };
  const told = extensionStatuses({ plan, failures: [], tags: new Set(['a-1.0']) }, status, ['a', 'b']);
  expect(told.map(({ name, behind }) => [name, behind])).toEqual([
    ['a', { versions: 2, newest: '1.10', since }],
    ['b', undefined],
  ]);
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
