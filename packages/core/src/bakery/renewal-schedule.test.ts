import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { longestGap } from './cron-gap.ts';
import { renewalProblem } from './renewal-schedule.ts';

it.each([
  [['17 */3 * * *'], 1],
  [['0 4 * * 1'], 7],
  [['0 4 * * 7'], 7],
  [['0 4 * * mon-fri'], 3],
  [['0 4 1,15 * *'], 17],
  [['0 4 1 * *'], 31],
  [['0 4 1 * mon'], 7],
  [['0 4 */10 * *'], 10],
  [['0 4 1 * *', '0 4 15 * *'], 17],
  [['0 4 1 jan,jul *'], 184],
  [['0 4 30 2 *'], Infinity],
  [['every night', '0 4 * *', '0 4 * * 8', '0 4 * * fri-mon', '*/0 * * * *'], Infinity],
  [[], Infinity],
])('%j leaves at most %d days', (crons, days) => {
  expect(longestGap(crons)).toBe(days);
});

const place = { file: 'bakery.yaml', line: 2, column: 16 };
const bake = 'jobs: { bake: { uses: baker/sysext-bakery/.github/workflows/bake.yaml@v1 } }\n';
const nightly = 'on: { schedule: [{ cron: "5 4 * * *" }] }\n';
const expected = 'expected a workflow that renews indexes every 7 days or more often, got ';

it.each([
  ['runs every night', { 'release.yaml': nightly + bake }, undefined],
  ['has no schedule', { 'release.yaml': `on: push\n${bake}` }, '.github/workflows without a schedule'],
  [
    'runs once a month',
    { 'release.yml': `on:\n  schedule:\n    - cron: 5 4 1 * *\n${bake}` },
    '"5 4 1 * *", which leaves 31 days between runs',
  ],
  ['is another one', { 'ci.yaml': 'on: push\njobs: { test: { steps: [{ run: make }] } }\n' }, undefined],
  [
    'has no schedule, and another one has that does not release',
    {
      'release.yaml': `on: push\n${bake}`,
      'ci.yaml': `${nightly}jobs: { test: { steps: [{ run: make }] } }\n`,
    },
    '.github/workflows without a schedule',
  ],
  [
    'has none, and one of its own renews',
    {
      'release.yaml': `on: push\n${bake}`,
      'renew.yaml': `${nightly}jobs: { renew: { steps: [{ run: ./bakery metadata --all }] } }\n`,
    },
    undefined,
  ],
  ['is none', { 'release.yaml': '- {[', 'README.md': '' }, undefined],
])('a workflow that %s', async (_what, files, got) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'schedule-'));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder.path, '.github/workflows', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  const problem = await renewalProblem(folder.path, place);
  expect(problem?.message).toBe(got === undefined ? undefined : expected + got);
  expect(problem?.place).toEqual(got === undefined ? undefined : place);
});
