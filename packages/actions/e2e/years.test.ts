import { expect, it } from '@jest/globals';
import { differences } from '../testing/years/end-state.ts';
import { liveThrough } from '../testing/years/years.ts';

const writesOfPair = 8; // each file is uploaded, the old one renamed, the new one renamed, the old one removed

// Two years of 40 extensions take minutes: pnpm bench years.
it('ends as a model says after nights of versions, failures, revisions, yanks, ends of life, a new key and an outage', async () => {
  await using years = await liveThrough({ extensions: 4, nights: 45, seed: 31 });
  expect(await differences(years)).toEqual([]);
  const { nights, expected } = years;
  // A night with nothing to do writes nothing, but for pairs of a manifest and its signature that are due once a week.
  const last = nights.at(-1);
  expect([last?.releases, (last?.writes ?? 1) % writesOfPair]).toEqual([0, 0]);
  const quiet = nights.findLast(({ writes }) => writes === 0);
  expect(quiet).toMatchObject({ releases: 0 });
  const all = [...expected.values()];
  process.stdout.write(
    `${nights.reduce((sum, night) => sum + night.releases, 0)} releases, a quiet night asks ${quiet?.requests} times\n`,
  );
  // The script holds what it promises.
  const seen = {
    revised: all.some(({ published }) => published.some((version) => version.includes('-r'))),
    withdrawn: all.some(({ withdrawn }) => withdrawn.length > 0),
    ended: all.some(({ ended, published }) =>
      published.some((version) => ended.has(Number(version.split('.')[0]))),
    ),
    issues: all.some(({ issues }) => issues.opened > 0),
  };
  expect(seen).toEqual({ revised: true, withdrawn: true, ended: true, issues: true });
});

it('fails, and opens an issue, where upstream lists a version without files and none that is complete is left', async () => {
  await using years = await liveThrough({ extensions: 1, nights: 24, seed: 1963 });
  expect(await differences(years)).toEqual([]);
  expect([...years.expected.values()].map(({ issues }) => issues)).toEqual([{ opened: 1, isOpen: false }]);
});
